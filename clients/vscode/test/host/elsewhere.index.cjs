exports.run = () => require("./index.cjs").running("elsewhere.cjs");
