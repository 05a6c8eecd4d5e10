// Goes on to the app once the frames have loaded, or after three seconds. Old browsers
// included; without this script the page goes on by itself a little later.
(function () {
  var link = document.getElementById("onward");
  function go() {
    location.replace(link.href);
  }
  addEventListener("load", go);
  setTimeout(go, 3000);
})();
