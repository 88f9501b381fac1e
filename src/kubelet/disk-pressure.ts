// pure: when the disks that Pods use are so full that the node says so.
//
// Upstream speaks of pressure below a tenth of the disk. On a laptop with a large disk that is plenty, so here no more than
// two GiB must be left besides; files (inodes) are counted in the same way.
export interface DiskSpace {
  readonly path: string;
  readonly totalBytes: number;
  readonly availableBytes: number;
  /** 0 on file systems that do not count them. */
  readonly totalFiles: number;
  readonly freeFiles: number;
}

const LEAST_SHARE = 0.1;
const LEAST_BYTES = 2 * 2 ** 30;
const LEAST_FILES_SHARE = 0.05;
const LEAST_FILES = 50_000;
/** What must be free again, as a multiple of the above, before the pressure is over: the node must not flap. */
const RELIEF = 1.1;

/** The disk that is full, if one is; `wasPressed`: the node has said so before. */
export function pressedDisk(disks: readonly DiskSpace[], wasPressed: boolean): DiskSpace | undefined {
  const factor = wasPressed ? RELIEF : 1;
  return disks.find(({ totalBytes, availableBytes, totalFiles, freeFiles }) => {
    const lacksBytes = totalBytes > 0 && availableBytes < factor * Math.min(LEAST_SHARE * totalBytes, LEAST_BYTES);
    return lacksBytes || (totalFiles > 0 && freeFiles < factor * Math.min(LEAST_FILES_SHARE * totalFiles, LEAST_FILES));
  });
}
