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
} from './sections.js';
import { type Server, startServer } from './server.js';
import { type Users, users } from './users.js';
import { farmZone } from './zone.js';

/*
 * Starts a farm: local MariaDB servers that replace Wikimedia's replicas, with a name server.
 */

/** The endpoint of a section's server; `host` is its name in DNS and in the certificate. */
export interface ServerEndpoint {
  host: string;
  address: string;
  port: number;
  socket: string;
}

/** Everything that tests need to know about a farm: plain data, which vitest sends to its workers. */
export interface FarmInfo {
  /** The name server as `ADDR:PORT`, for --nameserver; it answers over UDP and TCP. */
  nameserver: string;
  /** The certificate authority that signed the servers' certificates. */
  caFile: string;
  /** The certificate of the user certificate_only. */
  clientCertificate: KeyPair;
  /** The directory for --mw-config-path. */
  mwConfigPath: string;
  /** The directory of all files of the farm; it is removed when the farm stops. */
  directory: string;
  /** An empty directory, for HOME. */
  home: string;
  users: Users;
  /** The sections whose servers run: all, unless startFarm was called for fewer. */
  running: Section[];
  endpoints: Record<Section, ServerEndpoint>;
}

export interface Farm extends FarmInfo {
  info: FarmInfo;
  /** The process ids of the servers. */
  pids: number[];
  /** All questions to the name server since the start, like `NameServer.questions`. */
  questions: readonly string[];
  address(section: Section): string;
  port(section: Section): number;
  host(section: Section): string;
  /** Ends all processes and removes the directory. */
  stop(): Promise<void>;
}

/** Reserves the first loopback network whose name server address is free, by starting a name server. */
async function reserveNetwork(): Promise<{ block: number; nameServer: NameServer }> {
  // A multicast DNS service may use port 5353 on every address; then 5354 is used.
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
 * Starts a process that removes `directory` as soon as this process has ended, for whatever reason: the
 * pipe to its standard input closes then. It removes the directory three times with pauses, since the
 * kernel kills the servers at the same moment. Returns a function that stops the process.
 */
function startCleanupProcess(directory: string): () => Promise<void> {
  const script = 'cat >/dev/null; for pause in 0 0.3 1; do sleep $pause; rm -rf -- "$1"; done';
  const cleanup = spawn('sh', ['-c', script, 'sh', directory], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  });
  return async () => {
    const ended = once(cleanup, 'exit');
    cleanup.kill('SIGKILL');
    await ended;
  };
}

function endpointsOn(block: number, directory: string): Record<Section, ServerEndpoint> {
  const endpointOf = (section: Section): ServerEndpoint => ({
    host: hostOf(section),
    address: sectionAddress(block, section),
    port: portOf(section),
    socket: join(directory, section, 'mysqld.sock'),
  });
  const entries = sections.map((section) => [section, endpointOf(section)]);
  return Object.fromEntries(entries) as Record<Section, ServerEndpoint>;
}

export interface FarmOptions {
  /** By default all ten. */
  sections?: Section[];
  /** By default the sample. */
  contents?: Contents;
}

/**
 * Starts the servers of the sections and their name server. Everything ends with this process, even if
 * it is killed; `stop` ends it regularly. The name server runs in this process, so a program that uses
 * it must not be run with spawnSync.
 */
export async function startFarm(options: FarmOptions = {}): Promise<Farm> {
  const running = options.sections ?? [...sections];
  const contents = options.contents ?? sample;
  const { block, nameServer } = await reserveNetwork();
  const directory = await mkdtemp(join(tmpdir(), 'replicas-'));
  const stopCleanupProcess = startCleanupProcess(directory);
  const servers: Server[] = [];
  const stop = async () => {
    await Promise.all(servers.map((server) => server.stop()));
    await nameServer.stop();
    await rm(directory, { recursive: true, force: true });
    await stopCleanupProcess();
  };
  const endpoints = endpointsOn(block, directory);
  const home = join(directory, 'home');
  try {
    await mkdir(home);
    const certificates = await makeCertificates(directory);
    const startSection = async (section: Section) => {
      const { host, address, port } = endpoints[section];
      const certificate = certificates.hosts.get(host);
      if (certificate === undefined) throw new Error(`no certificate for ${host}`);
      const dataDirectory = join(directory, section);
      const { caFile } = certificates;
      const template = await dataTemplate(directory, contents.sql(section));
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
    // Waits for all, so that no server is still starting when `stop` reads the list.
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
      endpoints,
    };
    return {
      ...info,
      info,
      pids: servers.flatMap((server) => server.process.pid ?? []),
      questions: nameServer.questions,
      address: (section) => endpoints[section].address,
      port: (section) => endpoints[section].port,
      host: (section) => endpoints[section].host,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}
