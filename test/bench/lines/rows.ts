import { createDrain } from '../drain.js';
import { measure, medianRatio, medianRun } from '../measure.js';
import { compareFiles, describeRun, type Figure, rows, type World } from '../world.js';

const rounds = 3;

/** Measures many rows from a real server into a file: wall time, CPU and memory. */
export async function measureRows(world: World): Promise<Figure[]> {
  const sql = await world.loadPageTable();
  const { endpoints, users } = world.farm;
  const [ours, theirs] = [world.path('ours.tsv'), world.path('theirs.tsv')];
  const [our, quick, plain, floor] = await measure(
    [
      { ...world.createOurs('itwiki', '-e', sql), output: ours },
      { ...world.createClient('itwiki', '-B', '--quick', '-e', sql), output: theirs },
      { ...world.createOurs('itwiki', '--skip-ssl', '-e', sql), output: ours },
      createDrain(endpoints.s2, users.research, 'itwiki', sql),
    ],
    rounds,
    world.figures,
  );
  const count = `${rows.toLocaleString('en')} rows`;
  const title = `${count}, TLS`;
  return [
    {
      work: `${count}, plain TCP: wall / drain`,
      measured: medianRatio(plain, floor, 'wall'),
      aim: '≤ 1.05',
    },
    {
      work: `${title}: CPU / mariadb -B --quick`,
      measured: medianRatio(our, quick, 'cpu'),
      aim: '≤ 0.35',
    },
    { work: `${title}: peak memory`, measured: medianRun(our).memory, aim: '≤ 90 MB' },
    await compareFiles(title, ours, theirs),
    describeRun('ours', medianRun(our)),
    describeRun('mariadb -B --quick', medianRun(quick)),
    describeRun('ours, plain TCP', medianRun(plain)),
    { work: '  drain', measured: `${(medianRun(floor).wall / 1000).toFixed(2)} s` },
  ];
}

const connectionKinds = [
  ['plain TCP', '--skip-ssl'],
  ['TLS and --compress', '--compress'],
] as const;

/** Measures the same rows over other kinds of connection. */
export async function measureConnections(world: World): Promise<Figure[]> {
  const sql = `${await world.loadPageTable()} limit ${Math.min(rows, 500_000)}`;
  const figures: Figure[] = [];
  for (const [title, option] of connectionKinds) {
    const [our, their] = await measure(
      [
        world.createOurs('itwiki', option, '-e', sql),
        world.createClient('itwiki', option, '-B', '--quick', '-e', sql),
      ],
      rounds,
      world.figures,
    );
    figures.push({
      work: `rows over ${title}: CPU / mariadb -B --quick`,
      measured: medianRatio(our, their, 'cpu'),
      aim: '≤ 0.8',
    });
  }
  return figures;
}
