import { inject } from 'vitest';
import { isAtLeast } from '../farm/reference-client.js';
import { runClient } from '../farm/run.js';

/** What servers of some version and newer ones have otherwise than 10.11, whose words we know. */
interface WordChanges {
  since: string;
  reason: string;
  keywords: { added: string[]; removed: string[] };
  /** Those of our keywords that have become names. */
  freed: string[];
  /** Those that were names, or nothing, and are keywords now that cannot be a name. */
  reserved: string[];
  functions: string[];
}

const changes: WordChanges[] = [
  {
    since: '11.8',
    reason: 'vectors, UUIDs of other versions, JSON and GTID functions since 10.11',
    keywords: {
      added: [
        ...['LOG', 'NOCOPY', 'RECORD', 'SQL_AFTER_GTIDS', 'SQL_BEFORE_GTIDS', 'VALIDATION'],
        'VECTOR',
      ],
      removed: ['HOST', 'OWNER', 'SOCKET'],
    },
    freed: ['MASTER_SSL_VERIFY_SERVER_CERT'],
    reserved: ['SQL_AFTER_GTIDS', 'SQL_BEFORE_GTIDS', 'VECTOR'],
    functions: [
      ...['FORMAT_BYTES', 'FORMAT_PICO_TIME', 'JSON_ARRAY_INTERSECT', 'JSON_KEY_VALUE'],
      ...['JSON_OBJECT_FILTER_KEYS', 'JSON_OBJECT_TO_ARRAY', 'JSON_SCHEMA_VALID', 'KDF'],
      ...['UUID_V4', 'UUID_V7', 'VEC_DISTANCE', 'VEC_DISTANCE_COSINE', 'VEC_DISTANCE_EUCLIDEAN'],
      ...['VEC_FROMTEXT', 'VEC_TOTEXT'],
    ],
  },
];

/** The changes that the farm's servers have. */
export async function wordChanges(): Promise<Omit<WordChanges, 'since' | 'reason'>> {
  const section = inject('farm').running[0] ?? 's2';
  const { stdout } = await runClient(section, ['-BNe', 'select version()']);
  const version = /^[\d.]+/.exec(stdout.toString())?.[0] ?? '';
  const made = changes.filter(({ since }) => isAtLeast(version, since));
  return {
    keywords: {
      added: made.flatMap(({ keywords }) => keywords.added),
      removed: made.flatMap(({ keywords }) => keywords.removed),
    },
    freed: made.flatMap(({ freed }) => freed),
    reserved: made.flatMap(({ reserved }) => reserved),
    functions: made.flatMap(({ functions }) => functions),
  };
}
