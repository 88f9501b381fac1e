// pure: the program of the sandbox container: it holds the Pod's namespaces, reaps orphans, and exits 0 when told to stop.
//
// As pid 1 of its namespace a process gets no signal it has not asked for. So it ignores SIGCHLD (the kernel then reaps
// for it), blocks TERM, INT and QUIT, and waits for one of them. Written out as machine code because no compiler can be
// counted on where minik runs; it needs no libc, and weighs some 250 bytes.

export type PauseArchitecture = 'amd64' | 'arm64';

/** Ready to run: ELF header, one segment, code, the signal set and the sigaction that the code refers to. */
export function pauseProgram(architecture: PauseArchitecture): Uint8Array {
  const { machine, code } = PROGRAMS[architecture];
  const body = bytesOf([...code, ...SIGNAL_DATA].join(''));
  const file = new Uint8Array(HEADERS_BYTES + body.length);
  file.set(elfHeaders(machine, file.length));
  file.set(body, HEADERS_BYTES);
  return file;
}

const HEADERS_BYTES = 0x78;
const LOAD_ADDRESS = 0x400000n;
const READ_AND_EXECUTE = 5;

/** The signal set TERM | INT | QUIT, then struct sigaction { SIG_IGN, 0, 0, 0 }: both lie 8-aligned behind the code. */
const SIGNAL_DATA = ['0640000000000000', '0100000000000000', '00'.repeat(24)];

const PROGRAMS: Readonly<Record<PauseArchitecture, { readonly machine: number; readonly code: readonly string[] }>> = {
  amd64: {
    machine: 62,
    code: [
      'b80d000000', //       mov  eax, 13          rt_sigaction(
      'bf11000000', //       mov  edi, 17            SIGCHLD,
      '488d354f000000', //   lea  rsi, [action]      &action,
      '31d2', //             xor  edx, edx           NULL,
      '41ba08000000', //     mov  r10d, 8            8)
      '0f05', //             syscall
      'b80e000000', //       mov  eax, 14          rt_sigprocmask(
      '31ff', //             xor  edi, edi           SIG_BLOCK,
      '488d352f000000', //   lea  rsi, [set]         &set,
      '31d2', //             xor  edx, edx           NULL,
      '41ba08000000', //     mov  r10d, 8            8)
      '0f05', //             syscall
      'b880000000', // wait: mov  eax, 128         rt_sigtimedwait(
      '488d3d19000000', //   lea  rdi, [set]         &set,
      '31f6', //             xor  esi, esi           NULL,
      '31d2', //             xor  edx, edx           NULL,
      '41ba08000000', //     mov  r10d, 8            8)
      '0f05', //             syscall
      '85c0', //             test eax, eax
      '7ee4', //             jle  wait             interrupted: again
      'b8e7000000', //       mov  eax, 231         exit_group(
      '31ff', //             xor  edi, edi           0)
      '0f05', //             syscall
    ],
  },
  arm64: {
    machine: 183,
    code: [
      'c81080d2', //       mov  x8, #134         rt_sigaction(
      '200280d2', //       mov  x0, #17            SIGCHLD,
      '01030010', //       adr  x1, action         &action,
      '020080d2', //       mov  x2, #0             NULL,
      '030180d2', //       mov  x3, #8             8)
      '010000d4', //       svc  #0
      'e81080d2', //       mov  x8, #135         rt_sigprocmask(
      '000080d2', //       mov  x0, #0             SIG_BLOCK,
      '01020010', //       adr  x1, set            &set,
      '020080d2', //       mov  x2, #0             NULL,
      '030180d2', //       mov  x3, #8             8)
      '010000d4', //       svc  #0
      '281180d2', // wait: mov  x8, #137         rt_sigtimedwait(
      '60010010', //       adr  x0, set            &set,
      '010080d2', //       mov  x1, #0             NULL,
      '020080d2', //       mov  x2, #0             NULL,
      '030180d2', //       mov  x3, #8             8)
      '010000d4', //       svc  #0
      '1f000071', //       cmp  w0, #0
      '2dffff54', //       b.le wait             interrupted: again
      'c80b80d2', //       mov  x8, #94          exit_group(
      '000080d2', //       mov  x0, #0             0)
      '010000d4', //       svc  #0
      '1f2003d5', //       nop
    ],
  },
};

/** A 64-bit little-endian static executable of one segment that spans the whole file. */
function elfHeaders(machine: number, fileBytes: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(HEADERS_BYTES));
  const put16 = (at: number, value: number): void => view.setUint16(at, value, true);
  const put32 = (at: number, value: number): void => view.setUint32(at, value, true);
  const put64 = (at: number, value: bigint): void => view.setBigUint64(at, value, true);
  new Uint8Array(view.buffer).set(bytesOf('7f454c46020101'));
  put16(0x10, 2); // executable
  put16(0x12, machine);
  put32(0x14, 1);
  put64(0x18, LOAD_ADDRESS + BigInt(HEADERS_BYTES)); // entry point
  put64(0x20, 0x40n); // program headers follow this one
  put16(0x34, 0x40);
  put16(0x36, 0x38);
  put16(0x38, 1);
  put32(0x40, 1); // a segment to load
  put32(0x44, READ_AND_EXECUTE);
  put64(0x50, LOAD_ADDRESS);
  put64(0x58, LOAD_ADDRESS);
  put64(0x60, BigInt(fileBytes));
  put64(0x68, BigInt(fileBytes));
  put64(0x70, 0x10000n); // the largest page size in use
  return new Uint8Array(view.buffer);
}

function bytesOf(hex: string): Uint8Array {
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
}
