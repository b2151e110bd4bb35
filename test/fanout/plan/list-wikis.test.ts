import { expect, it } from 'vitest';
import { readSettings } from '../../../src/cli/read-settings.js';
import { describeLists, describeWikis } from '../../../src/fanout/plan/list-wikis.js';
import { createCheckout } from '../../wikis/checkout.js';
import { fanoutSettingsOf } from './plan-of.js';

const mwConfigPath = createCheckout({
  's1.dblist': 'enwiki\n',
  's2.dblist': 'itwiki\nnlwiki\n',
  'wikipedia.dblist': 'enwiki\nitwiki\n',
  'large.dblist': 'enwiki\n',
  'closed.dblist': 'nlwiki\n',
  'open.dbexpr': '%% wikipedia - closed\n',
});

async function listWikis(...argv: string[]): Promise<string> {
  const settings = fanoutSettingsOf(['--list-wikis', `--mw-config-path=${mwConfigPath}`, ...argv]);
  return Buffer.from(await describeWikis(settings, settings.fanout)).toString();
}

it.each<[argv: string[], text: string]>([
  [
    ['--wikis=s1,nlwiki'],
    'dbname\tsection\tfamily\tsize\tlanguage\tclosed\tprivate\n' +
      'enwiki\ts1\twikipedia\tlarge\ten\t0\tNULL\n' +
      'nlwiki\ts2\tNULL\tNULL\tNULL\t1\tNULL\n',
  ],
  [['--wikis=s2', '--except=nlwiki', '--wiki-fields=dbname', '-N'], 'itwiki\n'],
  [
    ['--wikis=s2', '--format=csv', '--wiki-fields=closed,dbname'],
    'closed,dbname\n0,itwiki\n1,nlwiki\n',
  ],
  [
    ['--wikis=s1', '--format=jsonl', '--wiki-fields=dbname,size,closed,private'],
    '{"dbname":"enwiki","size":"large","closed":0,"private":null}\n',
  ],
  [['--wikis=itwiki', '--use-x1', '--wiki-fields=section', '-N'], 'x1\n'],
  [['--wikis=itwiki', '--host=db.test', '--wiki-fields=section', '-N'], 'NULL\n'],
  [['--wikis=itwiki', '--redacted', '--wiki-fields=dbname', '-N'], 'itwiki\n'],
])('--list-wikis prints the wikis with their fields: %j', async (argv, text) => {
  expect(await listWikis(...argv)).toBe(text);
});

it('--list-lists prints the lists with their sizes', async () => {
  const argv = ['--list-lists', `--mw-config-path=${mwConfigPath}`, '--format=csv'];
  expect(Buffer.from(await describeLists(readSettings(argv, {}))).toString()).toBe(
    'list,wikis\nclosed,1\nlarge,1\nopen,2\ns1,1\ns2,2\nwikipedia,2\n',
  );
});
