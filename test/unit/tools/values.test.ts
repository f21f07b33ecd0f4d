/** Addresses, ports, times and devices as the kernel reports them. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ArgumentError } from '../../../lib';
import { diskName, inetNtop, ktimeToDate, ntohl, ntohs } from '../../../lib/tools';
import { ROOT } from '../../support/compile';

const V6 = [0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1];

test('addresses as bytes, as a number and as 128 bits', () => {
  expect(inetNtop(Uint8Array.of(10, 0, 0, 1))).toBe('10.0.0.1');
  expect(inetNtop(new DataView(Uint8Array.of(10, 0, 0, 1).buffer).getUint32(0, true))).toBe('10.0.0.1');
  expect(inetNtop(Uint8Array.from(V6))).toBe('2001:db8::1');
  expect(inetNtop(V6.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n))).toBe('2001:db8::1');
  expect(inetNtop(Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, 1, 2, 3, 4))).toBe('::ffff:1.2.3.4');
  expect(inetNtop(0n)).toBe('::');
  expect([ntohs(0x5000), ntohl(0x0100007f), ntohl(0xff)]).toEqual([80, 0x7f000001, 0xff000000]);
});

test.each([
  () => inetNtop(new Uint8Array(5)),
  () => inetNtop(-1),
  () => inetNtop(1n << 128n),
  () => ntohs(65536),
])('refused: %#', (call) => {
  expect(call).toThrow(ArgumentError);
});

test('a time of each clock is a date', () => {
  expect(Math.abs(ktimeToDate(process.hrtime.bigint()).getTime() - Date.now())).toBeLessThan(500);
  const uptime = BigInt(Math.round(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1e9));
  expect(Math.abs(ktimeToDate(uptime, 'boottime').getTime() - Date.now())).toBeLessThan(500);
  expect(ktimeToDate(process.hrtime.bigint() - 3_600_000_000_000n).getTime()).toBeLessThan(
    Date.now() - 3_590_000,
  );
  expect(() => ktimeToDate(1n, 'tai' as 'boottime')).toThrow("clock must be 'monotonic' or 'boottime'");
});

const unshare = ['--fork', '--time', '--monotonic', '1000000'];
const mayUnshare = spawnSync('unshare', [...unshare, 'true']).status === 0;
const inNamespace = mayUnshare ? test : test.skip;

inNamespace(`in a time namespace too${mayUnshare ? '' : ' (this user may not make one)'}`, () => {
  const script = `const { ktimeToDate } = require(${JSON.stringify(path.join(ROOT, 'dist/tools'))});
    console.log(ktimeToDate(${String(process.hrtime.bigint())}n).getTime() - Date.now());`;
  const difference = execFileSync('unshare', [...unshare, process.execPath, '-e', script], {
    encoding: 'utf8',
  });
  expect(Math.abs(Number(difference))).toBeLessThan(30_000);
});

test('disks by number', () => {
  const numbers = readdirSync('/sys/dev/block');
  for (const text of numbers) {
    const [major = 0, minor = 0] = text.split(':').map(Number);
    expect(readdirSync('/sys/class/block')).toContain(diskName(((major << 20) | minor) >>> 0));
  }
  expect(diskName(0xfff00001)).toBe('4095:1');
});
