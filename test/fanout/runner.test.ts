import { describe, expect, inject, it } from 'vitest';
import type { FanoutSettings } from '../../src/cli/settings.js';
import { Failure } from '../../src/failure.js';
import type { Plan, PlannedWiki } from '../../src/fanout/plan/plan.js';
import { buildRunComment } from '../../src/fanout/run-identity.js';
import { RunStats } from '../../src/fanout/run-stats.js';
import { Runner, type RunnerOptions } from '../../src/fanout/runner.js';
import { fanoutWith } from '../examples.js';
import { readList } from '../farm/contents.js';
import type { Section } from '../farm/sections.js';
import {
  loginAs,
  makeSectionTarget,
  makeTcpTarget,
  openConnection,
  queryRows,
} from '../replica/open-connection.js';
import { buildGreeting, okPayload, startScriptedServer } from '../replica/scripted-server.js';
import { MemoryCollector } from './memory-collector.js';

/** A step of a scripted server that sends nothing. */
const silence = { raw: Buffer.alloc(0) };

const limits = fanoutWith({ maxStatementTime: 3600, retries: 1 });

function planned(wiki: string, section: Section): PlannedWiki {
  return { wiki, database: wiki, section };
}

function planOf(sections: Section[], ...statements: string[]): Plan {
  const plans = sections.map((name) => {
    return {
      name,
      target: makeSectionTarget(name),
      wikis: readList(name).map((wiki) => planned(wiki, name)),
    };
  });
  return {
    wikis: plans.flatMap(({ wikis }) => wikis),
    sections: plans,
    unresolved: [],
    statements: statements.map((sql, index) => ({ sql: Buffer.from(sql), line: index + 1 })),
  };
}

interface Options extends Partial<Omit<RunnerOptions, 'limits'>> {
  collector?: MemoryCollector;
  limits?: Partial<FanoutSettings>;
}

function prepare(plan: Plan, options: Options = {}) {
  const collector = options.collector ?? new MemoryCollector();
  const stats = new RunStats(plan.wikis.length);
  const runner = new Runner({
    plan,
    statementsIn: () => plan.statements,
    login: loginAs('research'),
    comment: buildRunComment('a-run'),
    ...options,
    collector,
    stats,
    limits: { ...limits, ...options.limits },
  });
  return { runner, collector, stats };
}

async function run(plan: Plan, options: Options = {}) {
  const { runner, collector, stats } = prepare(plan, options);
  await runner.run();
  const failures = stats.outcomes
    .filter(({ outcome }) => outcome !== 'ok')
    .map(({ wiki, outcome, reason }) => `${wiki} ${outcome} ${reason?.errno}`)
    .sort();
  return { rows: Object.fromEntries(collector.rows), failures, stats, collector };
}

const sections: Section[] = ['s1', 's2', 's3'];
const wikis = sections.flatMap(readList);
const forEveryWiki = (value: (wiki: string) => string[]) =>
  Object.fromEntries(wikis.map((wiki) => [wiki, value(wiki)]));

describe('a run over many wikis', () => {
  it("runs the statement in each wiki's own database", async () => {
    const { rows, failures, stats } = await run(planOf(sections, 'select database()'));
    expect(rows).toEqual(forEveryWiki((wiki) => [wiki]));
    expect(failures).toEqual([]);
    expect([stats.ok, stats.ended, stats.rows]).toEqual([wikis.length, wikis.length, wikis.length]);
  });

  it.each([1, 3])('opens at most %i connections per section and runs each wiki once', async (n) => {
    const sql = 'select connection_id()';
    const { rows } = await run(planOf(['s3'], sql), { limits: { perSection: n } });
    const ids = Object.values(rows).flat();
    expect(ids).toHaveLength(readList('s3').length);
    expect(new Set(ids).size).toBeLessThanOrEqual(n);
  });

  it('opens no more connections than there are wikis', async () => {
    const plan = planOf(['s1'], 'select connection_id()');
    expect((await run(plan, { limits: { perSection: 9 } })).stats.ok).toBe(1);
  });

  it('continues after a failed wiki, and skips wikis without the table', async () => {
    const sql = "select if(database() = 'itwiki', (select 1 union select 2), 3) c";
    const { rows, failures } = await run(planOf(['s2'], sql));
    expect(failures).toEqual(['itwiki failed 1242']);
    expect(Object.keys(rows)).toEqual(readList('s2').filter((wiki) => wiki !== 'itwiki'));
    const skipped = await run(planOf(['s2'], 'select count(*) from all_types'));
    expect(skipped.failures.sort()).toEqual(
      readList('s2')
        .filter((wiki) => wiki !== 'itwiki')
        .map((wiki) => `${wiki} skipped 1146`)
        .sort(),
    );
  });

  it('fails the wikis of a section without a server, and continues with the others', async () => {
    const failure = new Failure('unknown-section', 'there is no server');
    const planned = readList('s1').map((wiki) => ({ wiki, database: wiki, section: 's1' }));
    const plan = planOf(['s2'], 'select 1');
    const unresolved = [{ name: 's1', wikis: planned, failure }];
    const withUnresolved = { ...plan, wikis: [...planned, ...plan.wikis], unresolved };
    const { rows, failures, stats } = await run(withUnresolved);
    expect(failures).toEqual(readList('s1').map((wiki) => `${wiki} failed 0`));
    expect(stats.outcomes[0]?.reason?.text).toBe('there is no server');
    expect(Object.keys(rows)).toEqual(readList('s2'));
  });

  it('names the column of SHOW TABLES alike on all wikis', async () => {
    const collector = new MemoryCollector();
    await run(planOf(['s2'], "show tables like 'pag%'"), { collector });
    expect(new Set(collector.columns.values())).toEqual(new Set(['Tables']));
  });

  it.each([
    ['gives two results', ['select 1', 'select 2'], /more than one result: use UNION ALL/],
    [
      'has a syntax error',
      ['selec 1'],
      /: ERROR 1064 \(42000\): You have an error in your SQL syntax/,
    ],
  ])('ends if the script %s, after one wiki of each section', async (_, statements, expected) => {
    const collector = new MemoryCollector([], 0, true);
    const { runner } = prepare(planOf(sections, ...statements), { collector });
    await expect(runner.run()).rejects.toMatchObject({
      code: 'bad-script',
      message: expect.stringMatching(expected),
    });
    const begun = collector.events.filter((event) => event.startsWith('begin'));
    expect(begun.length).toBeLessThanOrEqual(sections.length);
  });

  it('continues after a wiki whose rows are refused while they arrive', async () => {
    const collector = new MemoryCollector(['itwiki']);
    const plan = planOf(['s2'], 'select seq from seq_1_to_20000');
    const { rows, failures, stats } = await run(plan, { collector });
    expect(failures).toEqual(['itwiki failed 0']);
    expect(Object.values(rows).map((them) => them.length)).toEqual(
      readList('s2')
        .slice(1)
        .map(() => 20000),
    );
    expect(stats.rows).toBe(20000 * (readList('s2').length - 1));
  });

  it.each([
    ['-- to the end of the line', 'select database() -- only one'],
    ['# to the end of the line', 'select database() # only one'],
  ])('runs on every wiki if the statement ends in a comment %s', async (_, sql) => {
    const { rows, failures } = await run(planOf(['s3'], sql));
    expect(failures).toEqual([]);
    expect(rows).toEqual(Object.fromEntries(readList('s3').map((wiki) => [wiki, [wiki]])));
  });

  it('runs on the other wikis of a batch if one database does not exist', async () => {
    const plan = planOf(['s3'], 'select database()');
    const [s3] = plan.sections;
    const missing = ['bbwiki', 'owiki', 'zzwiki'];
    if (s3 !== undefined) {
      const wikis = [...s3.wikis.map(({ wiki }) => wiki), ...missing].sort();
      s3.wikis = wikis.map((wiki) => planned(wiki, 's3'));
    }
    const { rows, failures } = await run(plan);
    // Without access to a database the server reports 1044, whether or not it exists.
    expect(failures).toEqual(missing.map((wiki) => `${wiki} failed 1044`));
    expect(Object.keys(rows).sort()).toEqual(readList('s3'));
  });

  it('is read-only unless the settings allow writing', async () => {
    const into = 'create table if not exists staging.many_wikis (n int)';
    const plan = planOf([], into);
    plan.wikis = [planned('staging', 'staging')];
    plan.sections = [{ name: 'staging', target: makeSectionTarget('staging'), wikis: plan.wikis }];
    const { failures, stats } = await run(plan);
    expect(failures).toEqual(['staging failed 1792']);
    expect(stats.outcomes[0]?.reason?.text).toMatch(/--skip-read-only/);
    expect((await run(plan, { limits: { readOnly: false } })).failures).toEqual([]);
    const admin = await openConnection(makeSectionTarget('staging'), loginAs('admin'));
    await queryRows(admin, 'drop table staging.many_wikis');
    admin.close();
  });

  it('stops statements that exceed --max-statement-time', async () => {
    const plan = planOf(['s1'], 'select sleep(20)');
    const { failures } = await run(plan, { limits: { maxStatementTime: 0.1 } });
    expect(failures).toEqual(['enwiki failed 1969']);
  });

  it.each([
    ['one statement', "select sleep(if(database() = 'itwiki', 60, 0)) /* slow */"],
    [
      'several statements',
      'set @a = 1',
      "select sleep(if(database() = 'itwiki', 60, 0)) /* slow */",
    ],
    [
      'rows that arrive one by one',
      "select if(database() = 'itwiki', sleep(0.1), 0) /* slow */ from seq_1_to_600",
    ],
  ])('gives up a wiki that exceeds --wiki-timeout: %s', async (_, ...statements) => {
    const plan = planOf(['s2'], ...statements);
    // No retry: the wiki would take as long again.
    const limited = { limits: { wikiTimeout: 2, retries: 3 } };
    const { failures, stats, collector } = await run(plan, limited);
    expect(failures).toEqual(['itwiki failed 0']);
    const reasons = stats.outcomes.flatMap(({ reason }) => reason?.text ?? []);
    expect(reasons).toEqual(['not finished within 2 s (--wiki-timeout)']);
    expect(collector.events.filter((line) => line === 'begin itwiki')).toHaveLength(1);
    const admin = await openConnection(makeSectionTarget('s2'), loginAs('admin'));
    const find =
      "select count(*) from information_schema.processlist where info like '%run=a-run%slow%' and user = 'research'";
    while ((await queryRows(admin, find))[0] !== '0');
    admin.close();
  });

  it('does not count the time in which the server is held back', async () => {
    const collector = new MemoryCollector([], 4000);
    const plan = planOf(['s1'], 'select seq from seq_1_to_20000');
    const { failures, rows } = await run(plan, { collector, limits: { wikiTimeout: 3 } });
    expect(failures).toEqual([]);
    expect(rows.enwiki).toHaveLength(20000);
  });

  it('gives up servers that stop answering', { timeout: 90_000 }, async () => {
    const cases = [
      // After the login, SET SESSION is not answered.
      { answers: [okPayload], errno: 2013, text: 'Lost connection to server during query' },
      {
        answers: [okPayload, okPayload],
        errno: 2013,
        text: 'Lost connection to server during query (no answer for 30.01 s)',
      },
    ];
    const results = await Promise.all(
      cases.map(async ({ answers }) => {
        const server = await startScriptedServer([buildGreeting(), ...answers, silence]);
        const plan = planOf(['s1'], 'select 1');
        const [s1] = plan.sections;
        if (s1 !== undefined) s1.target = makeTcpTarget('127.0.0.1', server.port);
        const few = { maxStatementTime: 0.01, retries: 0 };
        const { stats } = await run(plan, { limits: few });
        server.close();
        const { reason } = stats.outcomes[0] ?? {};
        return { errno: reason?.errno, text: reason?.text };
      }),
    );
    expect(results).toEqual(cases.map(({ errno, text }) => ({ errno, text })));
  });

  it.each([
    ["select password('open-sesame') from", /near '\*{5}' at line 1(;|$)/],
    ["set @a = 1; set password = 'x' 'open-sesame", /near '\*{5}' at line 1(;|$)/],
    ["select password('open-sesame'), `open-sesame` from page", /^Unknown column '\*{5}'$/],
  ])('masks what the error of a statement with a password quotes: %s', async (sql, text) => {
    // A syntax error ends the run.
    const found = await run(planOf(['s1'], sql)).then(
      ({ stats }) => stats.outcomes[0]?.reason?.text,
      (error: Failure) => error.message,
    );
    expect(found).toMatch(text);
  });

  it('names the user and the run in a comment of each statement', async () => {
    const sql = 'select info from information_schema.processlist where id = connection_id()';
    const { rows } = await run(planOf(['s1'], 'select 1 from page limit 0', sql));
    expect(rows.enwiki?.[0]).toMatch(
      /^\/\* analytics-mysql user=[\w.@-]+ run=a-run \*\/ select info/,
    );
  });

  it.each([
    ['user variables', 'set @n = coalesce(@n, 0) + 1', 'select @n'],
    ['variables in a SELECT', 'select @n := coalesce(@n, 0) + 1'],
    ['temporary tables', 'create temporary table t (n int)', 'select 1'],
    ['settings', 'set @old = @@sort_buffer_size, sort_buffer_size = 1048576', 'select 1'],
  ])('leaves no %s from one wiki to the next', async (_, ...statements) => {
    const options = { limits: { readOnly: false }, login: loginAs('admin') };
    const { rows, failures } = await run(planOf(['s3'], ...statements), options);
    expect(failures).toEqual([]);
    expect(new Set(Object.values(rows).flat())).toEqual(new Set(['1']));
  });

  it('keeps the session read-only and in its character set after a reset', async () => {
    const sql =
      "select concat(@@tx_read_only, ' ', @@max_statement_time, ' ', @@character_set_results)";
    const { rows } = await run(planOf(['s3'], 'set @x = 1', sql));
    expect(new Set(Object.values(rows).flat())).toEqual(new Set(['ON 3600.000000 utf8mb4']));
  });

  it('retries after the connection was lost', async () => {
    // On the first attempt, one wiki's statement runs until its connection is killed.
    const waits = "database() = 'itwiki' and is_used_lock('lost_connection') is not null";
    const plan = planOf(['s2'], `select sleep(if(${waits}, 60, 0))`);
    const { runner, collector, stats } = prepare(plan);
    const admin = await openConnection(makeSectionTarget('s2'), loginAs('admin'));
    await queryRows(admin, "select get_lock('lost_connection', 0)");
    const running = runner.run();
    const find =
      "select id from information_schema.processlist where info like '%run=a-run%lost_connection%' and state = 'User sleep'";
    let [id] = await queryRows(admin, find);
    for (; id === undefined; [id] = await queryRows(admin, find));
    await queryRows(admin, "select release_lock('lost_connection')");
    await queryRows(admin, `kill ${id}`);
    await running;
    admin.close();
    expect([stats.ok, stats.failed]).toEqual([plan.wikis.length, 0]);
    const beginEvents = collector.events.filter((line) => line.startsWith('begin'));
    expect(beginEvents).toHaveLength(plan.wikis.length + 1);
    expect(collector.events.filter((line) => line.startsWith('drop'))).toHaveLength(1);
  });

  it('fails only the wikis of a section whose server is unreachable', async () => {
    const plan = planOf(['s1', 's2'], 'select 1');
    const [, s2] = plan.sections;
    if (s2 !== undefined) s2.target = makeTcpTarget('127.0.0.1', 1);
    const { rows, failures } = await run(plan, { limits: { retries: 0 } });
    expect(Object.keys(rows)).toEqual(['enwiki']);
    expect(failures).toEqual(
      readList('s2')
        .map((wiki) => `${wiki} failed 2002`)
        .sort(),
    );
  });

  it('stops at the first failure with --fail-fast', async () => {
    const plan = planOf(['s1', 's2'], "select if(database() = 'enwiki', sleep(60), nothing) c");
    const { stats } = await run(plan, { limits: { failFast: true } });
    expect([stats.failed, stats.ok]).toEqual([1, 0]);
  });

  it('leaves nothing running on the servers when it is stopped', async () => {
    const { runner, stats } = prepare(planOf(['s1', 's2'], "select sleep(60), 'stopped'"));
    const running = runner.run();
    const admins = await Promise.all(
      (['s1', 's2'] as const).map((section) =>
        openConnection(makeSectionTarget(section), loginAs('admin')),
      ),
    );
    const find =
      "select count(*) from information_schema.processlist where info like '%run=a-run%stopped%' and user = 'research'";
    const counts = async () => Promise.all(admins.map((admin) => queryRows(admin, find)));
    while ((await counts()).flat().some((count) => count !== '1'));
    await runner.stop();
    await running;
    while ((await counts()).flat().some((count) => count !== '0'));
    for (const admin of admins) admin.close();
    expect(stats.ended).toBe(0);
    expect(inject('farm').running).toContain('s1');
  });
});
