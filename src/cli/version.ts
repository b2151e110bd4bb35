import manifest from '../../package.json' with { type: 'json' };

/** The commit of a build and its date (`a1b2c3d, 2026-08-01`); undefined without a build. */
declare const BUILD_COMMIT: string | undefined;

/** The text in place of a commit in a build outside a git checkout, and without a build. */
export const unknownCommit = 'commit unknown';

/** The name of this program, as it appears in messages. */
export const programName = 'analytics-mysql';

export const { version } = manifest;

/** The name and version, which `status` prints first. */
export const programVersion = `${programName} ${version}`;

/** Returns the text of --version: what a report of a bug needs to name, on one line. */
export function formatVersion(): string {
  const commit = typeof BUILD_COMMIT === 'undefined' ? unknownCommit : BUILD_COMMIT;
  const { node, openssl } = process.versions;
  return `${programVersion} (${commit}, Node.js ${node}, OpenSSL ${openssl})\n`;
}
