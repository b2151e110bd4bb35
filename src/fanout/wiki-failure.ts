/** Why one wiki's rows cannot be taken; the other wikis go on. Its message is for people's eyes. */
export class WikiFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'WikiFailure';
  }
}
