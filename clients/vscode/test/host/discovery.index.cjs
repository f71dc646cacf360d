exports.run = () => require("./index.cjs").running("discovery.cjs");
