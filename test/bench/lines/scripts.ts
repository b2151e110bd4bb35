import { type Contender, measure, medianRatio, medianRun } from '../measure.js';
import { writeDump, writeScripts } from '../scripts.js';
import { describeRun, type Figure, type World } from '../world.js';

const rounds = 3;
const shortStatements = Number(process.env.BENCH_STATEMENTS ?? 50_000);

/** Measures scripts on standard input with a real server. */
export async function measureScripts(world: World): Promise<Figure[]> {
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
      ...(await measureLoad(
        world,
        title,
        { ...world.createOurs('itwiki', ...login), input },
        { ...world.createClient('itwiki', ...login), input },
        aim,
      )),
    );
  }
  return figures;
}

/**
 * Measures a dump of 500 MB with a server that answers OK immediately. This test is stricter than one
 * with a real server, where nearly all the time would be spent on loading the dump.
 */
export async function measureDump(world: World): Promise<Figure[]> {
  const input = writeDump(world.path('large-dump.sql'), 500);
  await world.serve(new Map());
  return measureLoad(
    world,
    'a dump of 500 MB, server at no cost',
    { ...world.createOurs('enwiki'), input },
    { ...world.createClient('enwiki'), input },
    '≤ 1.05',
  );
}

async function measureLoad(
  world: World,
  title: string,
  ours: Contender,
  theirs: Contender,
  aim: string | undefined,
): Promise<Figure[]> {
  const [our, their] = await measure([ours, theirs], rounds, world.figures);
  const wall = medianRatio(our, their, 'wall');
  return [
    { work: `${title}: wall / mariadb`, measured: wall, ...(aim !== undefined && { aim }) },
    { work: `${title}: peak memory`, measured: medianRun(our).memory, aim: '≤ 100 MB' },
    describeRun('ours', medianRun(our)),
    describeRun('mariadb', medianRun(their)),
  ];
}
