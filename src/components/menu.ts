/** While the menu of a phone lies over the page, nothing under it takes the focus. Runs in the browser. */
const menu = document.getElementById('menu');
menu?.addEventListener('toggle', (event) => {
  for (const element of document.querySelectorAll('.main-frame, .skip-link')) {
    element.toggleAttribute('inert', event.newState === 'open');
  }
});
// Beside a wide page it is no popover any more.
matchMedia('(min-width: 50rem)').addEventListener('change', () => menu?.hidePopover());
