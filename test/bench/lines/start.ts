import { type Contender, measure, medianRatio, medianRun } from '../measure.js';
import type { Figure, World } from '../world.js';

const rounds = 21;

/** Measures the start-up time. */
export async function measureStart(world: World): Promise<Figure[]> {
  const node: Contender = { name: 'node', command: 'node', args: ['-e', '0'], env: world.env };
  const manyWikis = `--mw-config-path=${world.writeManyWikis()}`;
  const [target, select, theirs, floor] = await measure(
    [
      world.createOurs('itwiki', '--print-target', manyWikis),
      world.createOurs('itwiki', '-e', 'select 1'),
      world.createClient('itwiki', '-e', 'select 1'),
      node,
    ],
    rounds,
    world.figures,
  );
  return [
    {
      work: '--print-target, 1,072 wikis: wall / node -e 0',
      measured: medianRatio(target, floor, 'wall'),
      aim: '≤ 1.5',
    },
    {
      work: "-e 'select 1': wall / node -e 0",
      measured: medianRatio(select, floor, 'wall'),
      aim: '≤ 2.7',
    },
    {
      work: "  − mariadb -e 'select 1'",
      measured: `${(medianRun(select).wall - medianRun(theirs).wall).toFixed(1)} ms`,
    },
  ];
}
