import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageCount } from '../farm/many-contents.js';
import { emptyDirectory, homeWithCredentials } from './home.js';
import { outputFilesIn, selection, sql, wikis } from './long-run.js';
import { allWikis, countsTsv, namesOf, runLine, runMany, sectionOf, startLine } from './wikis.js';

/*
 * The ways in which people's scripts use the tool: timers, notebooks, loops, reports. Each command
 * line is written as in such a script.
 */

const context = { home: homeWithCredentials() };

/** Runs a command line in a new directory; `$OURS` is the program. */
async function runIn(line: string, directory = emptyDirectory()) {
  const { stdout, stderr, code } = await runLine(line, { ...context, cwd: directory });
  return { stdout, stderr, code, directory };
}

describe('a script about one wiki', () => {
  it('writes a report from a timer', async () => {
    const line = `"$OURS" itwiki -e 'select count(*) as pages from page' > report.tsv`;
    const { stdout, stderr, code, directory } = await runIn(line);
    expect([stdout, stderr, code]).toEqual(['', '', 0]);
    expect(readFileSync(join(directory, 'report.tsv'), 'utf8')).toBe(
      `pages\n${pageCount('itwiki')}\n`,
    );
  });

  it('keeps yesterday’s report if the query fails', async () => {
    const directory = emptyDirectory();
    writeFileSync(join(directory, 'report.tsv'), 'yesterday\n');
    const line = `"$OURS" itwiki -e 'select nothing from page' > new.tsv && mv new.tsv report.tsv`;
    const { code } = await runIn(line, directory);
    expect(code).toBe(1);
    expect(readFileSync(join(directory, 'report.tsv'), 'utf8')).toBe('yesterday\n');
  });

  it('pipes statements from a notebook, and reads the rows without a header', async () => {
    const line = `printf '%s\\n' 'select page_id from page order by 1 limit 3;' | "$OURS" itwiki -N`;
    expect(await runIn(line)).toMatchObject({ stdout: '1\n2\n3\n', stderr: '', code: 0 });
  });

  it('uses the abbreviations of the previous tool', async () => {
    const { stdout, code } = await runIn(
      '"$OURS" --print itwiki; "$OURS" --print --use itwiki; "$OURS" --use-x1 itwiki -- -Ne "select database()"',
    );
    expect(stdout).toBe('dbstore1007.eqiad.wmnet:3312\ndbstore1009.eqiad.wmnet:3320\nitwiki\n');
    expect(code).toBe(0);
  });

  it('passes the host and port to another client', async () => {
    const line = `IFS=: read -r host port < <("$OURS" itwiki --print-target); echo "$port $host"`;
    expect((await runIn(line)).stdout).toBe('3312 dbstore1007.eqiad.wmnet\n');
  });

  it('gives sqoop its JDBC URL', async () => {
    const line = `echo sqoop import --connect "$("$OURS" itwiki --print-target --format jdbc)"`;
    expect((await runIn(line)).stdout).toBe(
      'sqoop import --connect jdbc:mysql://dbstore1007.eqiad.wmnet:3312/itwiki?characterEncoding=UTF-8\n',
    );
  });
});

describe('a loop over wikis', () => {
  const some = namesOf.s2.slice(0, 4);

  it('reads their names with `while read`', async () => {
    const line = `printf '%s\\n' ${some.join(' ')} | while read -r wiki; do
      echo "$wiki $("$OURS" "$wiki" -Ne 'select count(*) from page')"; done`;
    const { stdout } = await runIn(line);
    expect(stdout).toBe(some.map((wiki) => `${wiki} ${pageCount(wiki)}\n`).join(''));
  });

  it('runs several at a time with xargs', async () => {
    const line = `"$OURS" --wikis ${some.join(',')} --list-wikis --wiki-fields dbname -N |
      xargs -P 3 -I WIKI "$OURS" WIKI -Ne 'select database(), count(*) from page' | sort`;
    const { stdout } = await runIn(line);
    expect(stdout).toBe(some.map((wiki) => `${wiki}\t${pageCount(wiki)}\n`).join(''));
  });
});

describe('the list of wikis', () => {
  it("is the sections_by_db.csv of R's wmf package", async () => {
    const line = `"$OURS" --wikis all --print-target --format csv --wiki-fields dbname,section > x.csv`;
    const { directory, code } = await runIn(line);
    const lines = allWikis.map((wiki) => `${wiki},${sectionOf(wiki)}\n`).join('');
    expect(readFileSync(join(directory, 'x.csv'), 'utf8')).toBe(`dbname,section\n${lines}`);
    expect(code).toBe(0);
  });
});

describe('a command that a scheduler repeats', () => {
  const count = 'select count(*) n from page';

  it.each([
    ['x.tsv', []],
    ['months/{wiki}.csv', []],
    ['directory/', []],
    ['directory/', ['--union-columns']],
  ])(
    'until it is done, in spite of kill -9, gives an undisturbed result: %s %j',
    async (name, options) => {
      const [directory, undisturbed] = [emptyDirectory(), emptyDirectory()];
      const command = (output: string) =>
        `exec "$OURS" --wikis ${selection} ${options.join(' ')} --output '${output}' --resume=1h --quiet -e '${sql}'`;
      const seed = Number(process.env.MANY_SEED ?? Math.floor(Math.random() * 2 ** 31));
      let random = seed;
      for (let attempt = 1; ; attempt++) {
        const run = startLine(command(name), { ...context, cwd: directory });
        random = (random * 1_103_515_245 + 12_345) % 2 ** 31;
        const delay = 300 + (random % 700);
        // A run that takes longer and longer must end some time.
        const timer = setTimeout(() => run.child.kill('SIGKILL'), delay + 200 * attempt);
        const ending = await run.ended;
        clearTimeout(timer);
        if (ending.code === 0) {
          expect(ending.stderr).toBe('');
          break;
        }
        expect([ending.signal, ending.stderr], `seed ${seed}`).toEqual(['SIGKILL', '']);
      }
      await runLine(command(name), { ...context, cwd: undisturbed });
      expect(outputFilesIn(directory), `seed ${seed}`).toEqual(outputFilesIn(undisturbed));
    },
  );

  it('does nothing more for a finished directory, and says when the run began', async () => {
    const directory = emptyDirectory();
    const line = `"$OURS" --wikis s2 --output out/ --resume=12h -e '${count}'`;
    expect(await runIn(line, directory)).toMatchObject({ code: 0 });
    const before = outputFilesIn(directory);
    const again = await runIn(line, directory);
    expect(again).toMatchObject({ stdout: '', code: 0 });
    expect(again.stderr).toMatch(
      /^analytics-mysql: 'out\/' is complete from a run that began at \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ: nothing to do\n$/,
    );
    expect(outputFilesIn(directory)).toEqual(before);
  });

  it('replaces the files of the first month in the second with --restart', async () => {
    const directory = emptyDirectory();
    const month = (n: number) => `select ${n} as month, count(*) n from page`;
    const command = (n: number, option: string) =>
      `"$OURS" --wikis s2 --output months/ ${option} --quiet -e '${month(n)}'`;
    expect(await runIn(command(1, '--resume=1h'), directory)).toMatchObject({ code: 0 });
    const refused = await runIn(command(2, '--resume=1h'), directory);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('use --restart to replace it');
    const second = await runIn(command(2, '--restart'), directory);
    expect(second).toMatchObject({ stdout: '', stderr: '', code: 0 });
    const files = readdirSync(join(directory, 'months')).filter((name) => name.endsWith('.tsv'));
    expect(files).toEqual(namesOf.s2.map((wiki) => `${wiki}.tsv`).sort());
    for (const file of files) {
      expect(readFileSync(join(directory, 'months', file), 'utf8')).toMatch(/^month\tn\n2\t\d+\n$/);
    }
  });

  it('is not blocked by a wiki that always fails', async () => {
    const directory = emptyDirectory();
    const odd = `select if(database() = "itwiki", (select 1 union select 2), 1) n`;
    const line = `"$OURS" --wikis s2 --output x.tsv --resume=1h --quiet -e '${odd}'`;
    for (const month of [1, 2]) {
      const { code, stderr } = await runIn(line, directory);
      expect(code, `month ${month}`).toBe(4);
      expect(stderr).toContain('1 failed: ERROR 1242 (21000)');
      expect(stderr).not.toContain('--resume');
      expect(readdirSync(directory)).toEqual(['x.tsv']);
    }
    // For a directory, there is nothing to do after the first time.
    const inDirectory = line.replace('x.tsv', 'out/');
    expect((await runIn(inDirectory, directory)).code).toBe(4);
    expect(await runIn(inDirectory, directory)).toMatchObject({ stderr: '', code: 0 });
  });

  it('retries in a loop until no wiki exceeds its time', async () => {
    const line = `for attempt in 1 2 3; do
        "$OURS" --wikis itwiki,nlwiki --max-statement-time=$attempt --retries=0 --quiet \\
          --output x.tsv --resume -e 'select if(database() = "itwiki", sleep(1.5), 0) as s' \\
          2> log.$attempt && break
      done; echo $attempt`;
    const { stdout, directory } = await runIn(line);
    expect(stdout).toBe('2\n');
    expect(readFileSync(join(directory, 'log.1'), 'utf8')).toMatch(/1969.*\n.*to resume, run: /s);
    expect(readFileSync(join(directory, 'log.2'), 'utf8')).toBe('');
    expect(readFileSync(join(directory, 'x.tsv'), 'utf8')).toBe('wiki\ts\nitwiki\t0\nnlwiki\t0\n');
  });

  it('is one line in a crontab, which mails only failures', async () => {
    const line = `"$OURS" --wikis s2 --quiet --output counts.tsv -e '${count}'`;
    const { stdout, stderr, code, directory } = await runIn(line);
    expect([stdout, stderr, code]).toEqual(['', '', 0]);
    expect(readFileSync(join(directory, 'counts.tsv'), 'utf8')).toBe(
      countsTsv([...namesOf.s2].sort()),
    );
    const failing = await runIn(line.replace('s2', 's2,nosuchwiki'));
    expect(failing.stderr).toContain('nosuchwiki');
    expect(failing.code).toBe(13);
  });
});

it('the wikis of the long run are those of its selection', async () => {
  const { stdout } = await runMany(
    selection,
    ['--list-wikis', '--wiki-fields=dbname', '-N'],
    context,
  );
  expect(stdout.split('\n').slice(0, -1)).toEqual(wikis);
});
