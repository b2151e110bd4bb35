import manifest from '../../package.json' with { type: 'json' };

/** What --version prints, and `status` begins with. */
export const programVersion = `analytics-mysql ${manifest.version}`;
