/** Gives every code block, which stands in a box of its own, a button that copies it. Runs in the browser. */
for (const block of document.querySelectorAll<HTMLElement>('pre.code')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    try {
      await navigator.clipboard.writeText(block.querySelector('code')?.textContent ?? '');
      button.textContent = 'Copied';
    } catch {
      button.textContent = 'Press Ctrl+C';
      getSelection()?.selectAllChildren(block);
    }
  });
  button.addEventListener('blur', () => {
    button.textContent = 'Copy';
  });
  block.after(button);
}
