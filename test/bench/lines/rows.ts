import { drain } from '../drain.js';
import { measure, ratio, typical } from '../measure.js';
import { details, equalFiles, type Figure, rows, type World } from '../world.js';

const rounds = 3;

/** Many rows from a real server into a file: as fast as that gives them, and at little cost. */
export async function manyRows(world: World): Promise<Figure[]> {
  const sql = await world.pages();
  const { places, users } = world.farm;
  const [ours, theirs] = [world.path('ours.tsv'), world.path('theirs.tsv')];
  const [our, quick, plain, floor] = await measure(
    [
      { ...world.ours('itwiki', '-e', sql), output: ours },
      { ...world.client('itwiki', '-B', '--quick', '-e', sql), output: theirs },
      { ...world.ours('itwiki', '--skip-ssl', '-e', sql), output: ours },
      drain(places.s2, users.research, 'itwiki', sql),
    ],
    rounds,
    world.figures,
  );
  const count = `${rows.toLocaleString('en')} rows`;
  const title = `${count}, TLS`;
  return [
    {
      work: `${count}, plain TCP: wall / drain`,
      measured: ratio(plain, floor, 'wall'),
      aim: '≤ 1.05',
    },
    {
      work: `${title}: CPU / mariadb -B --quick`,
      measured: ratio(our, quick, 'cpu'),
      aim: '≤ 0.35',
    },
    { work: `${title}: peak memory`, measured: typical(our).memory, aim: '≤ 90 MB' },
    await equalFiles(title, ours, theirs),
    details('ours', typical(our)),
    details('mariadb -B --quick', typical(quick)),
    details('ours, plain TCP', typical(plain)),
    { work: '  drain', measured: `${(typical(floor).wall / 1000).toFixed(2)} s` },
  ];
}

const ways = [
  ['plain TCP', '--skip-ssl'],
  ['TLS and --compress', '--compress'],
] as const;

/** The same in the other ways in which it may come. */
export async function otherWays(world: World): Promise<Figure[]> {
  const sql = `${await world.pages()} limit ${Math.min(rows, 500_000)}`;
  const figures: Figure[] = [];
  for (const [title, option] of ways) {
    const [our, their] = await measure(
      [
        world.ours('itwiki', option, '-e', sql),
        world.client('itwiki', option, '-B', '--quick', '-e', sql),
      ],
      rounds,
      world.figures,
    );
    figures.push({
      work: `rows over ${title}: CPU / mariadb -B --quick`,
      measured: ratio(our, their, 'cpu'),
      aim: '≤ 0.8',
    });
  }
  return figures;
}
