import { measure, ratio, typical } from '../measure.js';
import { details, equalFiles, type Figure, rows, type World } from '../world.js';

const rounds = 3;

/** Rows as a table, which has to be stored before its first line is known. */
export async function table(world: World): Promise<Figure[]> {
  const count = Math.min(rows, 1_000_000);
  const sql = `${await world.pages()} limit ${count}`;
  const [ours, theirs] = [world.path('ours.table'), world.path('theirs.table')];
  const [our, their] = await measure(
    [
      { ...world.ours('itwiki', '-t', '-e', sql), output: ours },
      { ...world.client('itwiki', '-t', '-e', sql), output: theirs },
    ],
    rounds,
    world.figures,
  );
  const title = `${count.toLocaleString('en')} rows as a table`;
  return [
    { work: `${title}: wall / mariadb -t`, measured: ratio(our, their, 'wall'), aim: '≤ 1.0' },
    await equalFiles(title, ours, theirs),
    details('ours', typical(our)),
    details('mariadb -t', typical(their)),
  ];
}
