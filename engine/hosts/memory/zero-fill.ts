/**
 * Making memory zero again without touching what was never written: pages that nobody wrote cost nothing, and are to stay so.
 */

/** As much as is looked at together. */
const PIECE = 1 << 16;

const zeros = Buffer.alloc(PIECE);

/** @param used how many bytes from the beginning may be other than zero */
export function clean(memory: SharedArrayBuffer, used: number): void {
  const bytes = Buffer.from(memory, 0, Math.min(used, memory.byteLength));
  for (let start = 0; start < bytes.length; start += PIECE) {
    const end = Math.min(start + PIECE, bytes.length);
    if (zeros.compare(bytes, start, end, 0, end - start) !== 0) bytes.fill(0, start, end);
  }
}
