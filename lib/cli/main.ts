#!/usr/bin/env node
/** The command `libbpf-subskel`: the process around runCli(). */
import { Failure, type Io } from './command/command';
import { systemProblem } from './command/problems';
import { runCli } from './run';

/** What a shell makes of a C program whose reader went away (128 + SIGPIPE): no message, but not success either. */
const BROKEN_PIPE = 141;

const io: Io = {
  out: (text) =>
    new Promise((resolve, reject) => {
      process.stdout.write(text, (error) => {
        if (error) reject(new Failure([`cannot write standard output: ${systemProblem(error)}`]));
        else resolve();
      });
    }),
  err: (text) => process.stderr.write(text),
  cwd: process.cwd(),
  env: process.env,
  color: process.stderr.isTTY,
};

// Every other error of standard output comes back from out().
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(BROKEN_PIPE);
});

void runCli(process.argv.slice(2), io).then((status) => {
  process.exitCode = status;
});
