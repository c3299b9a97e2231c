package dev.ingot.manifest;

/** The servers of shared projects, as their catalogs know them. */
public interface SharedWorkers extends Workers {}
