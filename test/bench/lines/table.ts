import { measure, medianRatio, medianRun } from '../measure.js';
import { compareFiles, describeRun, type Figure, rows, type World } from '../world.js';

const rounds = 3;

/** Measures rows as a table, which must be stored before its first line can be printed. */
export async function measureTable(world: World): Promise<Figure[]> {
  const count = Math.min(rows, 1_000_000);
  const sql = `${await world.loadPageTable()} limit ${count}`;
  const [ours, theirs] = [world.path('ours.table'), world.path('theirs.table')];
  const [our, their] = await measure(
    [
      { ...world.createOurs('itwiki', '-t', '-e', sql), output: ours },
      { ...world.createClient('itwiki', '-t', '-e', sql), output: theirs },
    ],
    rounds,
    world.figures,
  );
  const title = `${count.toLocaleString('en')} rows as a table`;
  return [
    {
      work: `${title}: wall / mariadb -t`,
      measured: medianRatio(our, their, 'wall'),
      aim: '≤ 1.0',
    },
    await compareFiles(title, ours, theirs),
    describeRun('ours', medianRun(our)),
    describeRun('mariadb -t', medianRun(their)),
  ];
}
