import { measure, medianRatio, medianRun } from '../measure.js';
import { describeRun, type Figure, rows, type World } from '../world.js';

const rounds = 3;

/** The number of rows of one recording, which must be a multiple of 256. */
const recorded = 65_536;

const columns = Array.from({ length: 200 }, (_, i) =>
  i % 3 === 0
    ? `seq * ${i}`
    : i % 3 === 1
      ? `concat('value ', seq + ${i})`
      : `if(seq % 5, ${i}, null)`,
);

/** The replayed result sets: title, recorded SQL, and how many times the rows are sent. */
const results = [
  {
    title: '200 MB in cells of 1 MB',
    sql: "select repeat('text of a page, \\\\ with\\n lines. ', 29000) from seq_1_to_256",
    times: 1,
  },
  {
    title: '5,000,000 rows of one integer',
    sql: `select seq from seq_1_to_${recorded}`,
    times: Math.ceil(5_000_000 / recorded),
  },
  {
    title: '200 columns, 40,000 rows',
    sql: `select ${columns.join()} from seq_1_to_8192`,
    times: 5,
  },
];

/** Measures the speed of the client with a server that costs almost nothing. */
export async function measureReplay(world: World): Promise<Figure[]> {
  const times = Math.ceil(rows / recorded);
  await world.replay('pages', `${await world.loadPageTable()} limit ${recorded}`, times);
  const [our, quick] = await measureBoth(world, 'pages');
  const title = `${(times * recorded).toLocaleString('en')} rows replayed`;
  return [
    {
      work: `${title}: × mariadb -B --quick`,
      measured: medianRatio(quick, our, 'wall'),
      aim: '≥ 5',
    },
    describeRun('ours', medianRun(our)),
    describeRun('mariadb -B --quick', medianRun(quick)),
  ];
}

/** Measures the same for result sets of other shapes. */
export async function measureShapes(world: World): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { title, sql, times } of results) {
    await world.replay('shape', sql, times);
    const [our, quick] = await measureBoth(world, 'shape');
    const work = `${title}, replayed: × mariadb -B --quick`;
    figures.push({ work, measured: medianRatio(quick, our, 'wall'), aim: '≥ 1.5' });
  }
  return figures;
}

/** Measures whether memory grows with the result set: ten times the rows. */
export async function measureMemory(world: World): Promise<Figure[]> {
  const times = Math.ceil(rows / recorded) * 10;
  await world.replay('pages', `${await world.loadPageTable()} limit ${recorded}`, times);
  const [our] = await measure([world.createOurs('enwiki', '-e', 'pages')], 1, world.figures);
  const title = `${(times * recorded).toLocaleString('en')} rows replayed`;
  return [{ work: `${title}: peak memory`, measured: medianRun(our).memory, aim: '≤ 90 MB' }];
}

/** Measures both programs against the replay server. */
function measureBoth(world: World, sql: string) {
  return measure(
    [
      world.createOurs('enwiki', '-e', sql),
      world.createClient('enwiki', '-B', '--quick', '-e', sql),
    ],
    rounds,
    world.figures,
  );
}
