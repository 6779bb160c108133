"""What the contract says of its methods."""

import re

from server.platform.rpc.methods import method_info, methods_of, permission_catalogue, simba_services

METHODS = methods_of(simba_services())


def test_every_method_demands_a_permission():
    assert len(METHODS) > 50
    assert [method.path for method in METHODS if not method.permission or method.public] == []


def test_permissions_have_three_parts_and_the_right_area():
    for method in METHODS:
        assert re.fullmatch(r"[a-z]+\.[a-z_]+\.[a-z]+", method.permission), method
        assert method.permission.split(".")[0] == method.service.split(".")[1], method


def test_reads_need_read_permissions():
    for method in METHODS:
        if re.match(r"(Get|List|Query|Watch|Find|Subscribe|Pull)", method.name):
            assert method.permission.endswith(".read"), method


def test_every_mutation_can_be_repeated():
    changing = re.compile(r"(Create|Update|Archive|Delete|Install|Remove|Revoke|Submit|Cancel)")
    assert [m.path for m in METHODS if changing.match(m.name) and not m.repeatable] == []


def test_what_is_not_ours():
    assert method_info("/grpc.health.v1.Health/Check").public
    assert method_info("/grpc.channelz.v1.Channelz/GetServers").permission == "system.server.inspect"
    unknown = method_info("/some.Other/Thing")
    assert not unknown.public
    assert not unknown.permission


def test_the_catalogue_knows_every_permission():
    assert {method.permission for method in METHODS} < permission_catalogue()
