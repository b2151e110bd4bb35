/*
 * The one place that leans on the inside of Node's own sockets: on the handles of libuv and OpenSSL
 * that node:net, node:tls, node:dgram and node:tty are written around. Their JavaScript is most of
 * what a short run does: to load and compile it takes as long as a quarter of `node -e 0`
 * (test/bench/README.md, "Start"). `process.binding` gives the handles; it is deprecated in words
 * alone (DEP0111), and these are on its list of what it will give.
 *
 * What is not used here as Node uses it ends the process, not in an exception. So a version of Node
 * has to be known, and with any other the ordinary modules do the same. test/node-handles.test.ts
 * fails where a known version has no such handles.
 */

/**
 * Versions of which lib/net.js, lib/dgram.js and lib/internal/tls/wrap.js were read, and with which
 * the tests were run: of each line, up to which minor version.
 */
const knownVersions: Readonly<Record<string, number>> = { 20: 20, 22: 23, 24: 21 };

/** A request under way: Node calls `oncomplete` when it is done, with 0 or a negative error. */
export interface Request {
  oncomplete?: (status: number) => void;
  handle?: unknown;
  /** Kept alive until then. */
  buffer?: Uint8Array;
}

interface Handle {
  close(onClosed?: () => void): void;
}

/** A connection: all methods give 0, or the negative number of an error. */
export interface StreamHandle extends Handle {
  /** Called for what has come; how much that is, stands in `Handles.streamState`. */
  onread: (chunk: ArrayBuffer | undefined) => void;
  readStart(): number;
  readStop(): number;
  /** All that comes is put into this memory from now on; `onread` is given nothing. */
  useUserBuffer(memory: Uint8Array): void;
  /** Only one write may be under way. */
  writeBuffer(request: Request, bytes: Uint8Array): number;
  /** 1: it is done already. */
  shutdown(request: Request): number;
}

export interface TcpHandle extends StreamHandle {
  connect(request: Request, address: string, port: number): number;
  connect6(request: Request, address: string, port: number): number;
  setNoDelay(on: boolean): number;
  setKeepAlive(on: boolean, seconds: number): number;
}

export interface TlsHandle extends StreamHandle {
  onhandshakestart: () => void;
  onhandshakedone: () => void;
  onerror: (error: Error) => void;
  setVerifyMode(asksCertificate: boolean, rejects: boolean): void;
  start(): void;
  getCipher(): { name: string } | undefined;
  getEphemeralKeyInfo(): { type?: string; size?: number };
  destroySSL(): void;
}

export interface UdpHandle extends Handle {
  /** `length`: negative for an error. */
  onmessage: (length: number, handle: unknown, message: Buffer) => void;
  connect(address: string, port: number): number;
  connect6(address: string, port: number): number;
  recvStart(): number;
  /** To where it is connected; positive: it is done already. */
  send(request: Request, list: Uint8Array[], count: number, tells: boolean): number;
}

interface Bindings {
  tcp_wrap: {
    TCP: new (type: number) => TcpHandle;
    TCPConnectWrap: new () => Request;
    constants: { SOCKET: number };
  };
  stream_wrap: {
    WriteWrap: new () => Request;
    ShutdownWrap: new () => Request;
    /** Numbers about the last read or write, of which the next three are the places. */
    streamBaseState: Int32Array;
    kReadBytesOrError: number;
    kArrayBufferOffset: number;
    kLastWriteWasAsync: number;
  };
  tls_wrap: {
    wrap(handle: TcpHandle, context: unknown, isServer: boolean, isWriting: boolean): TlsHandle;
  };
  udp_wrap: { UDP: new () => UdpHandle; SendWrap: new () => Request };
  tty_wrap: { isTTY(descriptor: number): boolean };
}

const needed: { [Name in keyof Bindings]: (keyof Bindings[Name])[] } = {
  tcp_wrap: ['TCP', 'TCPConnectWrap', 'constants'],
  stream_wrap: ['WriteWrap', 'ShutdownWrap', 'streamBaseState', 'kReadBytesOrError'],
  tls_wrap: ['wrap'],
  udp_wrap: ['UDP', 'SendWrap'],
  tty_wrap: ['isTTY'],
};

/** Where it is set, Node's own modules do all: for tests, and to see whether a fault is here. */
export const ordinarySockets = 'ANALYTICS_MYSQL_ORDINARY_SOCKETS';

/** Whether the handles are used with a version of Node, such as `20.20.2`. */
export function isKnown(version: string): boolean {
  const [line = '', minor = ''] = version.split('.');
  return Number.parseInt(minor, 10) <= (knownVersions[line] ?? -1);
}

/**
 * One group of Node's handles, under its name there; undefined where the ordinary module has to be
 * used.
 */
export function nodeHandles<Name extends keyof Bindings>(name: Name): Bindings[Name] | undefined {
  if (!isKnown(process.versions.node)) return undefined;
  if (process.env[ordinarySockets]) return undefined;
  const { binding } = process as { binding?: (name: string) => Partial<Bindings[Name]> };
  try {
    const handles = binding?.(name);
    const has = handles !== undefined && needed[name].every((part) => part in handles);
    return has ? (handles as Bindings[Name]) : undefined;
  } catch {
    // Denied, as by --permission.
    return undefined;
  }
}

/** Whether a descriptor (0 or more) is a terminal: what node:tty says, without loading it. */
export function isTerminal(descriptor: number): boolean {
  const handles = nodeHandles('tty_wrap');
  if (handles !== undefined) return handles.isTTY(descriptor);
  return process.getBuiltinModule('node:tty').isatty(descriptor);
}

/** The name of a system's error, such as ECONNREFUSED, as `code` of an Error. */
export function systemError(status: number, doing: string): NodeJS.ErrnoException {
  const code = process.getBuiltinModule('node:util').getSystemErrorName(status);
  return Object.assign(new Error(`${doing} ${code}`), { code, errno: status, syscall: doing });
}
