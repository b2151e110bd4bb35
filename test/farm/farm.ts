import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KeyPair, makeCertificates } from './certificates.js';
import { type Contents, sample } from './contents.js';
import { dataTemplate } from './data-template.js';
import { type NameServer, startNameServer } from './name-server.js';
import {
  hostOf,
  nameServerAddress,
  portOf,
  type Section,
  sectionAddress,
  sections,
} from './places.js';
import { type Server, startServer } from './server.js';
import { type Users, users } from './users.js';
import { farmZone } from './zone.js';

/** Where a section's server is; `host` is the name that DNS and the certificate know. */
export interface Place {
  host: string;
  address: string;
  port: number;
  socket: string;
}

/** All that a test needs to know of a farm: plain data, passed on to vitest's workers. */
export interface FarmInfo {
  /** `ADDR:PORT`, for --nameserver; answers over UDP and TCP. */
  nameserver: string;
  /** The authority that signed the servers' certificates. */
  caFile: string;
  /** For the user certificate_only. */
  clientCertificate: KeyPair;
  /** For --mw-config-path. */
  mwConfigPath: string;
  /** Holds everything of the farm; gone when it has stopped. */
  directory: string;
  /** An empty directory, to be HOME. */
  home: string;
  users: Users;
  /** The sections whose servers are up: all, unless startFarm was asked for fewer. */
  running: Section[];
  places: Record<Section, Place>;
}

export interface Farm extends FarmInfo {
  info: FarmInfo;
  /** The servers' process ids. */
  pids: number[];
  /** What the name server was asked since the start, in order, as `NameServer.questions`. */
  questions: readonly string[];
  address(section: Section): string;
  port(section: Section): number;
  host(section: Section): string;
  /** Ends all processes and removes the directory. */
  stop(): Promise<void>;
}

/** The first loopback network on which no other farm, nor anything else, has a name server. */
async function claimNetwork(): Promise<{ block: number; nameServer: NameServer }> {
  // 5353 may be taken on every address by a multicast DNS service; then its neighbour does.
  for (const port of [5353, 5354]) {
    for (let block = 64; block < 80; block += 1) {
      try {
        const address = nameServerAddress(block);
        return { block, nameServer: await startNameServer(farmZone(block), address, port) };
      } catch (error) {
        if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'))
          throw error;
      }
    }
  }
  throw new Error('no free address for a name server: 127.64.0.53 to 127.79.0.53 are taken');
}

/**
 * Removes `directory` as soon as this process is gone, however it ended: the pipe to its standard
 * input closes then. The pauses let the servers die that the kernel kills at the same moment.
 */
function startUndertaker(directory: string): () => Promise<void> {
  const script = 'cat >/dev/null; for pause in 0 0.3 1; do sleep $pause; rm -rf -- "$1"; done';
  const undertaker = spawn('sh', ['-c', script, 'sh', directory], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  return async () => {
    const ended = once(undertaker, 'exit');
    undertaker.kill('SIGKILL');
    await ended;
  };
}

function placesOn(block: number, directory: string): Record<Section, Place> {
  const place = (section: Section): Place => ({
    host: hostOf(section),
    address: sectionAddress(block, section),
    port: portOf(section),
    socket: join(directory, section, 'mysqld.sock'),
  });
  const entries = sections.map((section) => [section, place(section)]);
  return Object.fromEntries(entries) as Record<Section, Place>;
}

export interface FarmOptions {
  /** All ten, if not told otherwise. */
  sections?: Section[];
  /** The sample, if not told otherwise. */
  contents?: Contents;
}

/**
 * Starts the servers of the sections and their name server.
 * Everything ends with this process, also when it is killed; `stop` is the orderly way.
 * The name server runs in this process: a program that is to use it must not be run by spawnSync.
 */
export async function startFarm(options: FarmOptions = {}): Promise<Farm> {
  const running = options.sections ?? [...sections];
  const contents = options.contents ?? sample;
  const { block, nameServer } = await claimNetwork();
  const directory = await mkdtemp(join(tmpdir(), 'replicas-'));
  const dismissUndertaker = startUndertaker(directory);
  const servers: Server[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await nameServer.stop();
    await rm(directory, { recursive: true, force: true });
    await dismissUndertaker();
  };
  const places = placesOn(block, directory);
  const home = join(directory, 'home');
  try {
    await mkdir(home);
    const certificates = await makeCertificates(directory);
    const startSection = async (section: Section) => {
      const { host, address, port } = places[section];
      const certificate = certificates.hosts.get(host);
      if (certificate === undefined) throw new Error(`no certificate for ${host}`);
      const dataDirectory = join(directory, section);
      const { caFile } = certificates;
      const template = await dataTemplate(dataDirectory, contents.sql(section));
      const server = await startServer({
        directory: dataDirectory,
        template,
        address,
        port,
        caFile,
        certificate,
      });
      servers.push(server);
    };
    // All are awaited, so that none is still being started when `stop` looks at the list.
    const started = await Promise.allSettled(running.map(startSection));
    for (const result of started) if (result.status === 'rejected') throw result.reason;
    const info: FarmInfo = {
      nameserver: `${nameServer.address}:${nameServer.port}`,
      caFile: certificates.caFile,
      clientCertificate: certificates.client,
      mwConfigPath: contents.lists(directory),
      directory,
      home,
      users,
      running,
      places,
    };
    return {
      ...info,
      info,
      pids: servers.flatMap((server) => server.process.pid ?? []),
      questions: nameServer.questions,
      address: (section) => places[section].address,
      port: (section) => places[section].port,
      host: (section) => places[section].host,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
