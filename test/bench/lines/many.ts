import { ManyWorld, rowsPerWiki } from '../many-world.js';
import { type Contender, measure, medianRatio, medianRun } from '../measure.js';
import { compareFiles, describeRun, type Figure, type World } from '../world.js';

const sql = 'select count(*) from page';

/** The number of mariadb processes that are timed, instead of one per wiki. */
const sampleSize = 100;

/** Measures one query over a thousand small wikis. */
export async function measureManyWikis(world: World): Promise<Figure[]> {
  const farm = await ManyWorld.start(world);
  try {
    return [...(await measureCounts(world, farm)), ...(await measureRows(world, farm))];
  } finally {
    await farm.stop();
  }
}

async function measureCounts(world: World, farm: ManyWorld): Promise<Figure[]> {
  const [answer, expected] = [world.path('many.tsv'), world.path('many-expected.tsv')];
  farm.writeCounts(expected);
  const ours = { ...farm.createOurs(sql), output: answer };
  const [our, alone, largest] = await measure(
    [ours, farm.timeLargestSection(sql), farm.createOursForLargest(sql)],
    11,
    world.figures,
  );
  const [paired, loop] = await measure(
    [ours, farm.createClientLoop(sql, sampleSize)],
    3,
    world.figures,
  );
  const title = `${farm.count.toLocaleString('en')} wikis`;
  const scaled = (medianRatio(loop, paired, 'wall') * farm.count) / sampleSize;
  return [
    {
      work: `${title}: wall / s3's queries alone`,
      measured: medianRatio(our, alone, 'wall'),
      aim: '≤ 1.5',
    },
    {
      work: `${title}: × a process of mariadb each (${sampleSize} timed)`,
      measured: scaled,
      aim: '≥ 15',
    },
    { work: `${title}: peak memory`, measured: medianRun(our).memory, aim: '≤ 150 MB' },
    await compareFiles(title, answer, expected),
    describeRun('ours', medianRun(our)),
    describeRun('ours, s3 alone', medianRun(largest)),
    {
      work: "  s3's queries alone, connected",
      measured: `${(medianRun(alone).wall / 1000).toFixed(2)} s`,
    },
    describeRun(`${sampleSize} processes of mariadb`, medianRun(loop)),
  ];
}

async function measureRows(world: World, farm: ManyWorld): Promise<Figure[]> {
  const query = await farm.loadRowsEverywhere();
  const outputs: [string, Contender][] = [
    ['as TSV', { ...farm.createOurs(query), output: world.path('many-rows.tsv') }],
    ['as TSV into FILE', farm.createOurs(query, '--output', world.path('many-rows-file.tsv'))],
    [
      'as Parquet into DIR/',
      withNewDirectory(farm.createOurs(query, '--format=parquet'), world.path('many-rows')),
    ],
  ];
  const title = `${farm.count.toLocaleString('en')} wikis × ${rowsPerWiki.toLocaleString('en')} rows`;
  const figures: Figure[] = [];
  for (const [output, ours] of outputs) {
    const [our, alone] = await measure([ours, farm.timeLargestSection(query)], 1, world.figures);
    figures.push(
      {
        work: `${title}, ${output}: peak memory`,
        measured: medianRun(our).memory,
        aim: '≤ 150 MB',
      },
      { work: `  wall / s3's queries alone`, measured: medianRatio(our, alone, 'wall') },
      describeRun('ours', medianRun(our)),
    );
  }
  return figures;
}

/** Returns the program with `--output DIR/`; each run first removes the directory. */
function withNewDirectory(ours: Contender, directory: string): Contender {
  const script = 'directory=$1; shift; rm -rf "$directory"; exec "$@" --output "$directory/"';
  return {
    ...ours,
    command: 'sh',
    args: ['-c', script, 'sh', directory, ours.command, ...ours.args],
  };
}
