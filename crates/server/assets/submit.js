// Sends the one form of a page. Old browsers included: this page is on the way of
// everybody's login.
document.getElementById("answer").submit();
