/**
 * Marks, in the contents of the page, the section that is being read, and shuts them on a narrow page
 * when one is chosen. Runs in the browser.
 */
const contents = document.getElementById('contents');
const links = [...(contents?.querySelectorAll('a') ?? [])];
const headings = links.map(({ hash }) =>
  document.getElementById(decodeURIComponent(hash.slice(1))),
);
const current = document.querySelector('.contents-current');

// Counts as passed what lies above a line in the upper part of the window.
const passed = new Set<Element | null>();
const observer = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) {
      if (isIntersecting) passed.add(target);
      else passed.delete(target);
    }
    const at = headings.findLastIndex((heading) => passed.has(heading));
    for (const link of links) link.removeAttribute('aria-current');
    links[at]?.setAttribute('aria-current', 'true');
    if (current) current.textContent = links[at]?.textContent ?? '';
  },
  { rootMargin: '1000000px 0px -80% 0px' },
);
for (const heading of headings) if (heading) observer.observe(heading);

contents?.addEventListener('click', (event) => {
  // Beside a wide page the contents are no popover, and stay.
  if (event.target instanceof HTMLAnchorElement && contents.matches(':popover-open')) {
    contents.hidePopover();
  }
});
