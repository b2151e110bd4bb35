import { ManyWorld, rowsPerWiki } from '../many-world.js';
import { type Contender, measure, ratio, typical } from '../measure.js';
import { details, equalFiles, type Figure, type World } from '../world.js';

const sql = 'select count(*) from page';

/** Processes of mariadb that are timed, in place of one for each wiki. */
const sample = 100;

/** One query over a thousand small wikis. */
export async function many(world: World): Promise<Figure[]> {
  const farm = await ManyWorld.start(world);
  try {
    return [...(await counts(world, farm)), ...(await rows(world, farm))];
  } finally {
    await farm.stop();
  }
}

async function counts(world: World, farm: ManyWorld): Promise<Figure[]> {
  const [answer, expected] = [world.path('many.tsv'), world.path('many-expected.tsv')];
  farm.writeCounts(expected);
  const ours = { ...farm.ours(sql), output: answer };
  const [our, alone, largest] = await measure(
    [ours, farm.largestAlone(sql), farm.oursOfLargest(sql)],
    11,
    world.figures,
  );
  const [paired, loop] = await measure([ours, farm.loop(sql, sample)], 3, world.figures);
  const title = `${farm.count.toLocaleString('en')} wikis`;
  const scaled = (ratio(loop, paired, 'wall') * farm.count) / sample;
  return [
    {
      work: `${title}: wall / s3's queries alone`,
      measured: ratio(our, alone, 'wall'),
      aim: '≤ 1.5',
    },
    {
      work: `${title}: × a process of mariadb each (${sample} timed)`,
      measured: scaled,
      aim: '≥ 15',
    },
    { work: `${title}: peak memory`, measured: typical(our).memory, aim: '≤ 150 MB' },
    await equalFiles(title, answer, expected),
    details('ours', typical(our)),
    details('ours, s3 alone', typical(largest)),
    {
      work: "  s3's queries alone, connected",
      measured: `${(typical(alone).wall / 1000).toFixed(2)} s`,
    },
    details(`${sample} processes of mariadb`, typical(loop)),
  ];
}

async function rows(world: World, farm: ManyWorld): Promise<Figure[]> {
  const query = await farm.rowsEverywhere();
  const ways: [string, Contender][] = [
    ['as TSV', { ...farm.ours(query), output: world.path('many-rows.tsv') }],
    ['as TSV into FILE', farm.ours(query, '--output', world.path('many-rows-file.tsv'))],
    [
      'as Parquet into DIR/',
      intoNewDirectory(farm.ours(query, '--format=parquet'), world.path('many-rows')),
    ],
  ];
  const title = `${farm.count.toLocaleString('en')} wikis × ${rowsPerWiki.toLocaleString('en')} rows`;
  const figures: Figure[] = [];
  for (const [way, ours] of ways) {
    const [our, alone] = await measure([ours, farm.largestAlone(query)], 1, world.figures);
    figures.push(
      { work: `${title}, ${way}: peak memory`, measured: typical(our).memory, aim: '≤ 150 MB' },
      { work: `  wall / s3's queries alone`, measured: ratio(our, alone, 'wall') },
      details('ours', typical(our)),
    );
  }
  return figures;
}

/** The same with `--output DIR/`, into a directory that is made anew by each run. */
function intoNewDirectory(ours: Contender, directory: string): Contender {
  const script = 'directory=$1; shift; rm -rf "$directory"; exec "$@" --output "$directory/"';
  return {
    ...ours,
    command: 'sh',
    args: ['-c', script, 'sh', directory, ours.command, ...ours.args],
  };
}
