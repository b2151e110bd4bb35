import manifest from '../../package.json' with { type: 'json' };

/** What this program is called. */
export const programName = 'analytics-mysql';

export const { version } = manifest;

/** What --version prints, and `status` begins with. */
export const programVersion = `${programName} ${version}`;
