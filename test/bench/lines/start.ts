import { type Contender, measure, ratio, typical } from '../measure.js';
import type { Figure, World } from '../world.js';

const rounds = 21;

/** How soon it answers. */
export async function start(world: World): Promise<Figure[]> {
  const node: Contender = { name: 'node', command: 'node', args: ['-e', '0'], env: world.env };
  const many = `--mw-config-path=${world.manyWikis()}`;
  const [target, select, theirs, floor] = await measure(
    [
      world.ours('itwiki', '--print-target', many),
      world.ours('itwiki', '-e', 'select 1'),
      world.client('itwiki', '-e', 'select 1'),
      node,
    ],
    rounds,
    world.figures,
  );
  return [
    {
      work: '--print-target, 1,072 wikis: wall / node -e 0',
      measured: ratio(target, floor, 'wall'),
      aim: '≤ 1.5',
    },
    {
      work: "-e 'select 1': wall / node -e 0",
      measured: ratio(select, floor, 'wall'),
      aim: '≤ 2.7',
    },
    {
      work: "  − mariadb -e 'select 1'",
      measured: `${(typical(select).wall - typical(theirs).wall).toFixed(1)} ms`,
    },
  ];
}
