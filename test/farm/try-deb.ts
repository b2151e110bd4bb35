import { execFile, execFileSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type FarmInfo, startFarm } from './farm.js';
import { projectRoot } from './sections.js';
import { shellVariables, writeOptionFile } from './shell.js';

/*
 * `make try-deb`: installs a Debian package in a minimal Debian, runs the main commands there on a farm
 * of this machine, changes Node.js, upgrades, removes and purges it, and checks that nothing stays. Must
 * be run as root, with debootstrap installed.
 */

interface Ended {
  status: number | null;
  stdout: string;
  stderr: string;
}

/** A minimal Debian in a directory. */
class MinimalDebian {
  readonly root = mkdtempSync(join(tmpdir(), 'analytics-mysql-debian-'));

  constructor(suite: string) {
    const cached = join(projectRoot, `node_modules/.cache/debian-${suite}.tar`);
    if (!existsSync(cached)) {
      console.log(`Making a minimal Debian (${suite}) with debootstrap …`);
      const args = ['--variant=minbase', '--include=ca-certificates', suite, this.root];
      execFileSync('debootstrap', [...args, findMirror()], {
        stdio: ['ignore', 'ignore', 'inherit'],
      });
      mkdirSync(join(cached, '..'), { recursive: true });
      execFileSync('tar', ['-C', this.root, '-cf', `${cached}.part`, '.']);
      renameSync(`${cached}.part`, cached);
    } else {
      execFileSync('tar', ['-C', this.root, '-xf', cached]);
    }
    // It reaches Debian's packages as this machine does.
    for (const path of ['etc/apt/apt.conf.d', 'usr/local/share/ca-certificates']) {
      if (existsSync(`/${path}`)) cpSync(`/${path}`, join(this.root, path), { recursive: true });
    }
    rmSync(join(this.root, 'etc/apt/apt.conf.d/docker-clean'), { force: true });
    for (const file of ['etc/resolv.conf', 'etc/hosts'])
      copyFileSync(`/${file}`, join(this.root, file));
  }

  /** Runs a command line in bash; resolves to its exit status and output. */
  run(command: string, env: Record<string, string> = {}): Promise<Ended> {
    const script = `
      mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" && exec chroot "$1" bash -c "$2"`;
    const args = ['--mount', '--pid', '--fork', '--kill-child', 'bash', '-c', script, '_'];
    const options = {
      env: {
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        HOME: '/root',
        LC_ALL: 'C.UTF-8',
        DEBIAN_FRONTEND: 'noninteractive',
        ...env,
      },
      maxBuffer: 100e6,
    };
    return new Promise((resolve) => {
      const all = [...args, this.root, command];
      const child = execFile('unshare', all, options, (_error, stdout, stderr) =>
        resolve({ status: child.exitCode, stdout, stderr }),
      );
    });
  }

  /** Returns the paths of all files, except for those that apt and dpkg change at each run. */
  async listFiles(): Promise<string[]> {
    const { stdout } = await this.run(
      'find / -xdev ! -path "/proc/*" ! -path "/dev/*" ! -path "/tmp/*" | sort',
    );
    return stdout
      .split('\n')
      .filter((path) => !/^\/var\/(log\/|cache\/|lib\/apt\/|lib\/dpkg\/.*-old$)/.test(path));
  }

  remove(): void {
    execFileSync('rm', ['-rf', '--one-file-system', this.root]);
  }
}

/** Returns the address of the Debian mirror that this machine uses. */
function findMirror(): string {
  const directory = '/etc/apt/sources.list.d';
  const names = existsSync(directory) ? readdirSync(directory) : [];
  const files = [...names.map((name) => join(directory, name)), '/etc/apt/sources.list'];
  const texts = files.filter(existsSync).map((file) => readFileSync(file, 'utf8'));
  const found = /^(?:URIs:\s*|deb (?:\[.*?\] )?)(\S+)/m.exec(texts.join('\n'));
  return found?.[1] ?? 'http://deb.debian.org/debian';
}

/** Writes a copy of the package with the version 0.0.1 and a file that the package does not have. */
function writeOlderPackage(deb: string, path: string): void {
  const directory = mkdtempSync(join(tmpdir(), 'analytics-mysql-older-'));
  try {
    execFileSync('dpkg-deb', ['-R', deb, directory]);
    const control = join(directory, 'DEBIAN/control');
    const text = readFileSync(control, 'utf8').replace(/^Version: .*$/m, 'Version: 0.0.1-1');
    writeFileSync(control, text);
    const obsolete = 'usr/lib/analytics-mysql/dist/chunks/obsolete.js';
    writeFileSync(join(directory, obsolete), '');
    appendFileSync(
      join(directory, 'DEBIAN/md5sums'),
      `d41d8cd98f00b204e9800998ecf8427e  ${obsolete}\n`,
    );
    execFileSync('dpkg-deb', ['--root-owner-group', '-Zgzip', '-b', directory, path], {
      stdio: 'pipe',
    });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

class Checks {
  failed = 0;

  /** Prints whether the values are equal, and how they differ. */
  equal(what: string, found: unknown, expected: unknown): void {
    const isEqual = JSON.stringify(found) === JSON.stringify(expected);
    console.log(`${isEqual ? 'ok    ' : 'FAILED'} ${what}`);
    if (isEqual) return;
    this.failed++;
    console.log(`  expected ${JSON.stringify(expected)}\n  found    ${JSON.stringify(found)}`);
  }

  /** Checks that a command succeeds, and prints its output if it does not. */
  async succeeds(debian: MinimalDebian, command: string): Promise<void> {
    const { status, stdout, stderr } = await debian.run(command);
    this.equal(command, status, 0);
    if (status !== 0) console.log(stdout + stderr);
  }
}

const library = '/usr/lib/analytics-mysql';

/** Tries the package; returns the number of checks that failed. */
async function tryPackage(debian: MinimalDebian, farm: FarmInfo, deb: string): Promise<number> {
  const checks = new Checks();
  const { root } = debian;
  const isBundled = !deb.endsWith('_all.deb');
  copyFileSync(deb, join(root, 'new.deb'));
  writeOlderPackage(deb, join(root, 'old.deb'));
  writeOptionFile(farm, join(root, 'root/.my.cnf'));
  cpSync(join(farm.mwConfigPath, 'dblists'), join(root, 'mediawiki-config/dblists'), {
    recursive: true,
  });
  const { PATH: _, ...variables } = shellVariables(farm);
  const env = { ...variables, ANALYTICS_MYSQL_MW_CONFIG_PATH: '/mediawiki-config' };
  const runMainCommands = async (when: string) => {
    const count = await debian.run(
      "analytics-mysql itwiki -e 'select count(*) as pages from page'",
      env,
    );
    checks.equal(`one wiki (${when})`, count, { status: 0, stdout: 'pages\n200\n', stderr: '' });
    const failure = await debian.run("analytics-mysql itwiki -e 'select nothing'", env);
    const isReported = /^ERROR 1054 \(42S22\) at line 1: /m.test(failure.stderr);
    checks.equal(`an error of the server (${when})`, [failure.status, isReported], [1, true]);
    const many = await debian.run(
      "cd /tmp && rm -rf out && analytics-mysql --wikis s2 -e 'select page_id from page' --output out/ --quiet && cat out/itwiki.tsv | wc -l",
      env,
    );
    checks.equal(`many wikis (${when})`, many, { status: 0, stdout: '201\n', stderr: '' });
  };
  const listCaches = async () => {
    const command = `cd ${library} && find . -name "*.v8cache" -o -name "obsolete*" | sort`;
    return (await debian.run(command)).stdout.split('\n').slice(0, -1);
  };
  const install = 'apt-get install -q -y --no-install-recommends';

  await checks.succeeds(debian, 'apt-get update -q');
  const start = performance.now();
  await checks.succeeds(debian, `${install} /new.deb`);
  await debian.run("analytics-mysql itwiki -e 'select 1'", env);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`       from nothing to the first row: ${seconds} s`);
  console.log(`       ${(await debian.run('analytics-mysql --version')).stdout.trim()}`);
  await runMainCommands('after installation');
  const caches = await listCaches();
  checks.equal('the compiled code exists', caches.length > 5, true);

  const unchanged = await debian.run('dpkg --verify analytics-mysql');
  checks.equal('all files are as in the package', unchanged.stdout, '');
  await checks.succeeds(debian, 'apt-get purge -q -y analytics-mysql');
  const before = await debian.listFiles();
  const remaining = before.filter((path) => path.includes('analytics-mysql'));
  checks.equal('nothing with the name of the package is left', remaining, []);

  await checks.succeeds(debian, `${install} /old.deb`);
  checks.equal(
    'the obsolete file is there',
    (await listCaches()).includes('./dist/chunks/obsolete.js'),
    true,
  );
  writeFileSync(join(root, library, 'dist/chunks/obsolete.js.v0.v8cache'), '');
  await checks.succeeds(debian, `${install} /new.deb`);
  checks.equal('the upgrade left no older files', await listCaches(), caches);
  await runMainCommands('after the upgrade');

  if (!isBundled) {
    await debian.run(`find ${library} -name "*.v8cache" -delete`);
    await checks.succeeds(debian, `${install} --reinstall nodejs`);
    checks.equal('the code is compiled again when Node.js changes', await listCaches(), caches);
  }
  await checks.succeeds(debian, 'apt-get remove -q -y analytics-mysql');
  await checks.succeeds(debian, `${install} /new.deb`);
  await checks.succeeds(debian, 'apt-get purge -q -y analytics-mysql');
  const after = await debian.listFiles();
  checks.equal(
    'nothing is left after the purge',
    after.filter((path) => !before.includes(path)),
    [],
  );
  return checks.failed;
}

async function main(): Promise<void> {
  const [suite, deb] = process.argv.slice(2);
  if (suite === undefined || deb === undefined) {
    throw new Error('usage: try-deb.ts SUITE PACKAGE.deb, such as trixie packages/….deb');
  }
  if (process.getuid?.() !== 0) throw new Error('run it as root, because it uses chroot');
  const farm = await startFarm();
  let debian: MinimalDebian | undefined;
  try {
    debian = new MinimalDebian(suite);
    const failed = await tryPackage(debian, farm.info, deb);
    console.log(
      `${basename(deb)} in ${suite}: ${failed === 0 ? 'all is well' : `${failed} failed`}`,
    );
    process.exitCode = failed === 0 ? 0 : 1;
  } finally {
    debian?.remove();
    await farm.stop();
  }
}

main().catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
