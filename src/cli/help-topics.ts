/** The topics of --help TOPIC; `all` is the complete text. */
export const helpTopics = ['all', 'wikis', 'formats', 'connecting', 'shell', 'client'] as const;

export type HelpTopic = (typeof helpTopics)[number];

/** Returns the topic that a word after --help means; undefined if it is no topic. */
export function findHelpTopic(word: string | undefined): HelpTopic | undefined {
  return helpTopics.find((topic) => topic === word);
}
