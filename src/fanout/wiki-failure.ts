const brand = Symbol.for('analytics-mysql.WikiFailure');

/** Why one wiki's rows cannot be taken; the other wikis go on. Its message is for people's eyes. */
export class WikiFailure extends Error {
  readonly [brand] = true;

  /** By brand, as a Failure: each bundle carries its own copy of the class. */
  static override [Symbol.hasInstance](value: unknown): boolean {
    return typeof value === 'object' && value !== null && brand in value;
  }

  constructor(message: string) {
    super(message);
    this.name = 'WikiFailure';
  }
}
