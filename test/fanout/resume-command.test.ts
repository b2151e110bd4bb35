import { expect, it } from 'vitest';
import { resumeCommand } from '../../src/fanout/resume-command.js';

it.each<[string[], string]>([
  [
    ['--wikis', 'wikipedia - closed', '-e', "select 'a'", '--output', 'x.tsv'],
    `analytics-mysql --wikis 'wikipedia - closed' -e 'select '\\''a'\\''' --output x.tsv --resume`,
  ],
  [['--wikis=s2', '--resume', '--output=d/'], 'analytics-mysql --wikis=s2 --output=d/ --resume'],
  [['-p*****', '--wikis', 's2'], 'analytics-mysql -p --wikis s2 --resume'],
  [['--password=*****', '--wikis', 's2'], 'analytics-mysql --password --wikis s2 --resume'],
])('%j is resumed by %s', (words, command) => expect(resumeCommand(words, false)).toBe(command));

it('names the standard input', () => {
  expect(resumeCommand(['--wikis', 's2'], true)).toMatch(/ < \(the same statements\)$/);
});
