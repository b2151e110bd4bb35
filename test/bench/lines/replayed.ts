import { measure, ratio, typical } from '../measure.js';
import { details, type Figure, rows, type World } from '../world.js';

const rounds = 3;

/** The rows of one recording; a power of two, since their number must be a multiple of 256. */
const recorded = 65_536;

const columns = Array.from({ length: 200 }, (_, i) =>
  i % 3 === 0
    ? `seq * ${i}`
    : i % 3 === 1
      ? `concat('value ', seq + ${i})`
      : `if(seq % 5, ${i}, null)`,
);

/** What is replayed: its name, the SQL that is recorded, how often the rows are sent. */
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

/** How fast the client itself is: the server's part costs nothing. */
export async function replayedRows(world: World): Promise<Figure[]> {
  const times = Math.ceil(rows / recorded);
  await world.replay('pages', `${await world.pages()} limit ${recorded}`, times);
  const [our, quick] = await against(world, 'pages');
  const title = `${(times * recorded).toLocaleString('en')} rows replayed`;
  return [
    { work: `${title}: × mariadb -B --quick`, measured: ratio(quick, our, 'wall'), aim: '≥ 5' },
    details('ours', typical(our)),
    details('mariadb -B --quick', typical(quick)),
  ];
}

/** The same for results of other shapes. */
export async function replayedShapes(world: World): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const { title, sql, times } of results) {
    await world.replay('shape', sql, times);
    const [our, quick] = await against(world, 'shape');
    const work = `${title}, replayed: × mariadb -B --quick`;
    figures.push({ work, measured: ratio(quick, our, 'wall'), aim: '≥ 1.5' });
  }
  return figures;
}

/** Whether memory grows with the result: ten times the rows. */
export async function memory(world: World): Promise<Figure[]> {
  const times = Math.ceil(rows / recorded) * 10;
  await world.replay('pages', `${await world.pages()} limit ${recorded}`, times);
  const [our] = await measure([world.ours('enwiki', '-e', 'pages')], 1, world.figures);
  const title = `${(times * recorded).toLocaleString('en')} rows replayed`;
  return [{ work: `${title}: peak memory`, measured: typical(our).memory, aim: '≤ 90 MB' }];
}

function against(world: World, sql: string) {
  return measure(
    [world.ours('enwiki', '-e', sql), world.client('enwiki', '-B', '--quick', '-e', sql)],
    rounds,
    world.figures,
  );
}
