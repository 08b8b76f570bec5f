// Sizes are in pixels, because the customer's page decides the size of a rem. `!important` on the host, because the page's rules for an element
// win over the shadow tree's.
export const STYLE = `
:host{all:initial!important;position:fixed!important;z-index:2147483000!important;
bottom:calc(20px + env(safe-area-inset-bottom,0px) + var(--up))!important;right:20px!important;color-scheme:light dark!important;
--ground:#fff;--text:#1c2024;--line:#d5dbe1;--accent:#0b6e4f;--on:#fff}
:host(.left){right:auto!important;left:20px!important}
*{box-sizing:border-box}
[hidden]{display:none!important}
button{font:600 15px/1.2 system-ui,sans-serif;cursor:pointer;border:0;border-radius:28px;background:var(--accent);color:var(--on)}
button:focus-visible{outline:3px solid var(--accent);outline-offset:3px}
.launch{display:flex;align-items:center;justify-content:center;gap:10px;min-width:56px;height:56px;padding:0 16px;box-shadow:0 4px 16px #0003,0 1px 3px #0003}
.launch span{padding-right:6px;max-width:min(240px,100vw - 120px);overflow:hidden;text-overflow:ellipsis;white-space:nowrap}
svg{width:24px;height:24px;flex:none;fill:none;stroke:currentColor;stroke-width:2;stroke-linecap:round;stroke-linejoin:round}
.p1,[aria-expanded=true] .p0{display:none}
[aria-expanded=true] .p1{display:inline}
.panel{position:fixed;right:20px;bottom:calc(88px + env(safe-area-inset-bottom,0px) + var(--up));
width:min(400px,100vw - 40px);height:min(640px,100vh - 108px - var(--up));
overflow:hidden;border:1px solid var(--line);border-radius:16px;
background:var(--ground);color:var(--text);box-shadow:0 12px 40px #0003;font:16px/1.5 system-ui,sans-serif}
.panel:focus{outline:0}
:host(.left) .panel{right:auto;left:20px}
iframe{display:block;width:100%;height:100%;border:0;color-scheme:light dark}
.panel:not(.ready) iframe{position:absolute;visibility:hidden}
.notice{display:grid;height:100%;place-content:center;justify-items:center;gap:16px;padding:24px;text-align:center}
.ready .notice{display:none}
.panel.failed{top:auto;height:auto}
.failed .notice{padding:40px 24px}
p{margin:0}
.notice button{padding:14px 24px}
@media (max-width:480px),(max-height:480px){
.panel{top:0;bottom:0;width:auto;height:auto;border:0;border-radius:0}
.panel,:host(.left) .panel{left:0;right:0}.open .launch{visibility:hidden}}
@media print{:host{display:none!important}}
@media (prefers-color-scheme:dark){:host{--ground:#191d21;--text:#edeef0;--line:#3a424b;--accent:#4cc38a;--on:#06251a}}
@media (prefers-reduced-motion:no-preference){.panel{animation:in .16s ease-out}@keyframes in{from{opacity:0;transform:translateY(8px)}}}
`;
