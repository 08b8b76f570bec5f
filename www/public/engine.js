// Shows a message if the browser is too old for the console: docs/browsers.md. In the syntax of 2009, so that it runs where the rest of the page
// does not.
(function () {
  var styles = window.CSS && CSS.supports && CSS.supports("color", "light-dark(#000, #fff)");
  if (styles && window.WebAssembly && "popover" in HTMLElement.prototype) return;
  document.addEventListener("DOMContentLoaded", function () {
    var notice = document.createElement("p");
    notice.setAttribute("role", "alert");
    var text = "This browser is too old for this page: it needs Chrome 123, Edge 123, Firefox 125, Safari 17.5 or newer.";
    notice.appendChild(document.createTextNode(text));
    document.body.insertBefore(notice, document.body.firstChild);
  });
})();
