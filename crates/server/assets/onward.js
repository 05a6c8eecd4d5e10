// Goes on to the app once the frames have loaded, or after three seconds. Old browsers
// included; without this script the page goes on by itself a little later.
(function () {
  var link = document.getElementById("onward");
  function go() {
    removeEventListener("load", go);
    clearTimeout(limit);
    location.replace(link.href);
  }
  var limit = setTimeout(go, 3000);
  addEventListener("load", go);
})();
