import { type Contender, measure, ratio, typical } from '../measure.js';
import { writeDump, writeScripts } from '../scripts.js';
import { details, type Figure, type World } from '../world.js';

const rounds = 3;
const shortStatements = Number(process.env.BENCH_STATEMENTS ?? 50_000);

/** Scripts on standard input, loaded into a real server. */
export async function scripts(world: World): Promise<Figure[]> {
  const { name, password } = world.farm.users.admin;
  const login = [`-u${name}`, `-p${password}`];
  const files = writeScripts(world.farm.directory, shortStatements);
  const loads = [
    ['a dump of 50 MB', files.dump, '≤ 1.3'],
    ['one INSERT of 15 MB', files.insert, '≤ 1.3'],
    [`${shortStatements.toLocaleString('en')} short statements`, files.short, undefined],
  ] as const;
  const figures: Figure[] = [];
  for (const [title, input, aim] of loads) {
    figures.push(
      ...(await load(
        world,
        title,
        { ...world.ours('itwiki', ...login), input },
        { ...world.client('itwiki', ...login), input },
        aim,
      )),
    );
  }
  return figures;
}

/**
 * A dump of 500 MB, to a server that says OK at once: stricter than one that loads it, which is
 * what nearly all the time would go into.
 */
export async function dump(world: World): Promise<Figure[]> {
  const input = writeDump(world.path('large-dump.sql'), 500);
  await world.serve(new Map());
  return load(
    world,
    'a dump of 500 MB, server at no cost',
    { ...world.ours('enwiki'), input },
    { ...world.client('enwiki'), input },
    '≤ 1.05',
  );
}

async function load(
  world: World,
  title: string,
  ours: Contender,
  theirs: Contender,
  aim: string | undefined,
): Promise<Figure[]> {
  const [our, their] = await measure([ours, theirs], rounds, world.figures);
  const wall = ratio(our, their, 'wall');
  return [
    { work: `${title}: wall / mariadb`, measured: wall, ...(aim !== undefined && { aim }) },
    { work: `${title}: peak memory`, measured: typical(our).memory, aim: '≤ 100 MB' },
    details('ours', typical(our)),
    details('mariadb', typical(their)),
  ];
}
