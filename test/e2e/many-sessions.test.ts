import { userInfo } from 'node:os';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Farm, startFarm } from '../farm/farm.js';
import { manyWikis } from '../farm/many-contents.js';
import { smallSizes } from '../farm/many-names.js';
import { homeWithCredentials } from './home.js';
import { asAdmin, countsTsv, namesOf, runMany, runningStatements, startMany } from './wikis.js';

/** A farm for this file only, so that its servers and its name server count only these requests. */
let farm: Farm;
let context: { farm: Farm; home: string };
const sections = ['s2', 's5', 's7'] as const;

beforeAll(async () => {
  farm = await startFarm({ sections: [...sections], contents: manyWikis(smallSizes) });
  context = { farm, home: homeWithCredentials() };
});
afterAll(() => farm.stop());

const wikis = sections.flatMap((section) => namesOf[section]).sort();

async function readStatus(section: (typeof sections)[number], name: string): Promise<number> {
  const [line = ''] = await asAdmin(section, `show global status like '${name}'`, farm);
  return Number(line.split('\t')[1]);
}

/** Returns by how much each server's counter grows during `work`, plus one connection to read it. */
async function countDuring(name: string, work: () => Promise<unknown>) {
  const before = await Promise.all(sections.map((section) => readStatus(section, name)));
  await work();
  const after = await Promise.all(sections.map((section) => readStatus(section, name)));
  return after.map((count, i) => count - (before[i] ?? Number.NaN));
}

describe('a run', () => {
  it('sends one DNS query per section, and opens one connection to each', async () => {
    const before = farm.questions.length;
    const connections = await countDuring('Connections', async () => {
      const { stdout, code } = await runMany(
        's2,s5,s7',
        ['-e', 'select count(*) n from page'],
        context,
      );
      expect([stdout, code]).toEqual([countsTsv(wikis), 0]);
    });
    expect(connections).toEqual([2, 2, 2]);
    const questions = farm.questions.slice(before).filter((question) => question.startsWith('SRV'));
    expect(questions.toSorted()).toEqual(
      sections.map((section) => `SRV _${section}-analytics._tcp.eqiad.wmnet`),
    );
  });

  it('opens up to N connections per section with --per-section N', async () => {
    const sql = 'select connection_id() c, count(*) n, sleep(0.02) from page';
    let stdout = '';
    const connections = await countDuring('Connections', async () => {
      ({ stdout } = await runMany('s2,s5,s7', ['--per-section', '3', '-e', sql], context));
    });
    expect(connections).toEqual([4, 4, 4]);
    const rows = stdout
      .split('\n')
      .slice(1, -1)
      .map((row) => row.split('\t'));
    expect(rows.map(([wiki]) => wiki)).toEqual(wikis);
    for (const section of sections) {
      const used = rows
        .filter(([wiki = '']) => namesOf[section].includes(wiki))
        .map((row) => row[1]);
      expect(new Set(used).size).toBe(3);
    }
  });

  it('puts the user name and a run id in a comment of each statement', async () => {
    const sql = "select sleep(if(database() = 'itwiki', 60, 0)) as found_by_comment";
    const run = startMany('s2', ['-e', sql], context);
    await expect
      .poll(() => runningStatements('s2', farm), { timeout: 20_000 })
      .toEqual([
        expect.stringMatching(
          new RegExp(`^/\\*.*user=${userInfo().username}.*run=\\S+ \\*/ ?select sleep`),
        ),
      ]);
    run.child.kill('SIGTERM');
    expect((await run.ended).signal).toBe('SIGTERM');
    await expect.poll(() => runningStatements('s2', farm)).toEqual([]);
  });

  it('resets the session for each wiki, so that user variables do not carry over', async () => {
    const sql = 'select @left as l; set @left = database()';
    const args = ['-e', sql.replace('select @left as l;', 'set @a = @left; select @a as l;')];
    const { stdout, code } = await runMany('s2', args, context);
    expect([stdout, code]).toEqual([
      `wiki\tl\n${namesOf.s2.map((wiki) => `${wiki}\tNULL\n`).join('')}`,
      0,
    ]);
  });
});

describe('the servers are protected', () => {
  const login = () => {
    const { name, password } = farm.users.admin;
    return [`-u${name}`, `-p${password}`];
  };
  const writing = [
    '-e',
    "insert into page (page_namespace, page_title, page_random, page_touched, page_latest, page_len) values (99, 'written', 0, '', 0, 0)",
  ];

  it('by read-only sessions, unless --skip-read-only is given', async () => {
    const refused = await runMany('s7', [...login(), ...writing], context);
    expect(refused.code).toBe(4);
    expect(refused.stderr).toMatch(/1792/);
    expect(refused.stderr).toContain('--skip-read-only');
    const written = "select count(*) from arwiki.page where page_title = 'written'";
    expect(await asAdmin('s7', written, farm)).toEqual(['0']);

    const permitted = await runMany('s7', [...login(), '--skip-read-only', ...writing], context);
    expect(permitted).toMatchObject({ code: 0 });
    expect(await asAdmin('s7', written, farm)).toEqual(['1']);
  });

  it('by a time limit for each statement', async () => {
    const show = ['-e', 'select @@max_statement_time t'];
    const { stdout } = await runMany('metawiki', show, context);
    expect(stdout).toBe('wiki\tt\nmetawiki\t3600.000000\n');
    const args = ['--max-statement-time', '0.5', '-e', 'select sleep(20) s from page limit 1'];
    const { stderr, code } = await runMany('metawiki,hewiki', args, context);
    expect(code).toBe(4);
    expect(stderr).toMatch(/1969/);
  });
});
