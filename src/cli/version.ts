import manifest from '../../package.json' with { type: 'json' };

/** The name of this program, as it appears in messages. */
export const programName = 'analytics-mysql';

export const { version } = manifest;

/** The text that --version prints, and that `status` prints first. */
export const programVersion = `${programName} ${version}`;
