import { expect, test } from '@jest/globals';
import { pressedDisk, type DiskSpace } from '../../../src/kubelet/disk-pressure.ts';

const GiB = 2 ** 30;
const disk = (totalGiB: number, availableGiB: number, files: Partial<DiskSpace> = {}): DiskSpace => ({ path: '/d', totalBytes: totalGiB * GiB, availableBytes: availableGiB * GiB, totalFiles: 0, freeFiles: 0, ...files });

test.each<[title: string, disks: readonly DiskSpace[], wasPressed: boolean, isPressed: boolean]>([
  ['no disk can be asked', [], false, false],
  ['half a disk is free', [disk(10, 5)], false, false],
  ['a tenth of a small one is not', [disk(10, 0.9)], false, true],
  ['a hundredth of a large one is enough', [disk(1_000, 10)], false, false],
  ['two GiB of a large one are not', [disk(1_000, 1.9)], false, true],
  ['the second of two is full', [disk(10, 5), disk(10, 0)], false, true],
  ['a little more than the bound is free, after less was', [disk(1_000, 2.1)], true, true],
  ['enough is free again', [disk(1_000, 2.3)], true, false],
  ['no more files can be made', [disk(10, 5, { totalFiles: 100_000, freeFiles: 4_000 })], false, true],
  ['there is room for many files', [disk(10, 5, { totalFiles: 100_000_000, freeFiles: 60_000 })], false, false],
])('%s', (_title, disks, wasPressed, isPressed) => {
  expect(pressedDisk(disks, wasPressed) !== undefined).toBe(isPressed);
});
