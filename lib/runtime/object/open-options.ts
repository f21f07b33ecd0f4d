import { checkOptions } from '../../util/check';
import type { LogLevel, NativeOpenOptions } from '../../native/surface/addon';

export interface OpenOptions extends NativeOpenOptions {
  /** Which of libbpf's messages errors carry; default 'info'. */
  readonly logLevel?: LogLevel | undefined;
}

/** @throws ArgumentError */
export function checkOpenOptions(options: OpenOptions): void {
  checkOptions<OpenOptions>(options, 'options', {
    name: 'string',
    kconfig: 'string',
    btfCustomPath: 'string',
    pinRootPath: 'string',
    bpfTokenPath: 'string',
    relaxedMaps: 'boolean',
    kernelLogLevel: 'integer',
    logLevel: ['none', 'warn', 'info', 'debug'],
  });
}
