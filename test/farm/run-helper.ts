import { spawn } from 'node:child_process';
import type { HelperReply, HelperRequest } from './run-in-helper.js';

/*
 * The process that run-in-helper.ts starts: it runs each program that it is asked to run, and replies
 * when the program has ended. It exits with the process that started it.
 */
process.on('message', ({ id, command, args, options, input }: HelperRequest) => {
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  const reply = (rest: Pick<HelperReply, 'code' | 'signal' | 'error'>) => {
    const output = { stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr) };
    process.send?.({ id, ...output, ...rest } satisfies HelperReply);
  };
  const child = spawn(command, args, options);
  child.on('error', ({ message }) => reply({ code: null, signal: null, error: message }));
  child.stdout.on('data', (data: Buffer) => stdout.push(data));
  child.stderr.on('data', (data: Buffer) => stderr.push(data));
  // A program that ends before it has read all its input closes the pipe; tests ignore that.
  child.stdin.on('error', () => {});
  child.stdin.end(input);
  child.on('close', (code, signal) => reply({ code, signal, error: undefined }));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
