/** Addresses and ports as the kernel's structures have them: in network byte order. */
import { isByteArray } from '../util/bytes';
import { checkInteger, refuse } from '../util/check';
import { textOfAddress, V4_BYTES, V6_BYTES } from '../util/ip-address';

/**
 * Prints an IP address that a BPF program copied from the kernel: 4 or 16 bytes; a `__be32` as the number that it is read as; or
 * 16 bytes that were read as `unsigned __int128`. As inet_ntop(3): `'10.0.0.1'`, `'2001:db8::1'`, `'::ffff:10.0.0.1'`.
 * @throws ArgumentError for other sizes
 */
export function inetNtop(address: Uint8Array | number | bigint): string {
  if (typeof address === 'number') {
    checkInteger(address, 'address', 0, 0xffff_ffff);
    return textOfAddress(littleEndian(BigInt(address), V4_BYTES));
  }
  if (typeof address === 'bigint') {
    if (address < 0n || address >> 128n !== 0n) refuse('address', 'from 0n to 2n ** 128n - 1n', address);
    return textOfAddress(littleEndian(address, V6_BYTES));
  }
  if (!isByteArray(address) || (address.length !== V4_BYTES && address.length !== V6_BYTES)) {
    refuse('address', 'a Uint8Array of 4 or 16 bytes, a number or a bigint', address);
  }
  return textOfAddress(address);
}

/** Turns a `__be16` into the host's byte order: 0x5000 → 80. */
export function ntohs(port: number): number {
  checkInteger(port, 'port', 0, 0xffff);
  return ((port & 0xff) << 8) | (port >> 8);
}

/** Turns a `__be32` into the host's byte order. */
export function ntohl(value: number): number {
  checkInteger(value, 'value', 0, 0xffff_ffff);
  return (((value & 0xff) << 24) | ((value & 0xff00) << 8) | ((value >>> 8) & 0xff00) | (value >>> 24)) >>> 0;
}

/** The bytes that were read as this number; BPF and every machine that we support are little-endian. */
function littleEndian(value: bigint, size: number): Uint8Array {
  return Uint8Array.from({ length: size }, (_, i) => Number((value >> BigInt(8 * i)) & 0xffn));
}
