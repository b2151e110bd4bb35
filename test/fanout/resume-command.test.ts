import { expect, it } from 'vitest';
import { buildResumeCommand } from '../../src/fanout/resume-command.js';

it.each<[string[], string]>([
  [
    ['--wikis', 'wikipedia - closed', '-e', "select 'a'", '--output', 'x.tsv'],
    `analytics-mysql --wikis 'wikipedia - closed' -e 'select '\\''a'\\''' --output x.tsv --resume`,
  ],
  [['--wikis=s2', '--resume', '--output=d/'], 'analytics-mysql --wikis=s2 --output=d/ --resume'],
  [['-p*****', '--wikis', 's2'], 'analytics-mysql -p --wikis s2 --resume'],
  [['--password=*****', '--wikis', 's2'], 'analytics-mysql --password --wikis s2 --resume'],
  [['-e', '*****', '--wikis', 's2'], 'analytics-mysql -e (the same value) --wikis s2 --resume'],
  [['-se*****', '--wikis=s2'], 'analytics-mysql -se(the same value) --wikis=s2 --resume'],
  [
    ['--execute=*****', '--wikis=s2'],
    'analytics-mysql --execute=(the same value) --wikis=s2 --resume',
  ],
  [
    ['-e', 'select 2 *****', '--wikis=s2'],
    "analytics-mysql -e 'select 2 *****' --wikis=s2 --resume",
  ],
])('resumes %j with %s', (words, command) =>
  expect(buildResumeCommand(words, false)).toBe(command),
);

it('reminds the user to repeat standard input', () => {
  expect(buildResumeCommand(['--wikis', 's2'], true)).toMatch(/ < \(the same statements\)$/);
});
