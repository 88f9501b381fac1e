// pure: text that a container or anybody else wrote, made safe for a terminal: it may not move the cursor or change colours.

/** Tabs and line ends stay. */
export function plainText(text: string): string {
  return text.replace(/\u001b\[[0-9;?]*[ -/]*[@-~]/g, '').replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}

export function oneLine(text: string): string {
  return plainText(text).replace(/\s+/g, ' ').trim();
}
