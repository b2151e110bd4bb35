import { inject } from 'vitest';
import { isAtLeast } from '../farm/reference-client.js';
import { runClient } from '../farm/run.js';

/** How the words of servers since a version differ from those of 10.11, which the program knows. */
interface WordChanges {
  /** The first version of the server with these changes. */
  since: string;
  reason: string;
  keywords: { added: string[]; removed: string[] };
  /** Reserved words of 10.11 that may be used as names. */
  freed: string[];
  /** Words that are reserved now but were not in 10.11. */
  reserved: string[];
  /** Functions that 10.11 does not have. */
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

/** Returns the changes that apply to the version of the farm's servers. */
export async function wordChanges(): Promise<Omit<WordChanges, 'since' | 'reason'>> {
  const section = inject('farm').running[0] ?? 's2';
  const { stdout } = await runClient(section, ['-BNe', 'select version()']);
  const version = /^[\d.]+/.exec(stdout.toString())?.[0] ?? '';
  const applicable = changes.filter(({ since }) => isAtLeast(version, since));
  return {
    keywords: {
      added: applicable.flatMap(({ keywords }) => keywords.added),
      removed: applicable.flatMap(({ keywords }) => keywords.removed),
    },
    freed: applicable.flatMap(({ freed }) => freed),
    reserved: applicable.flatMap(({ reserved }) => reserved),
    functions: applicable.flatMap(({ functions }) => functions),
  };
}
