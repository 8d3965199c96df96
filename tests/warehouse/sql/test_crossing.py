def test_only_scored_messages_across_the_boundary_by_the_present_model_to_few_are_counted(program):
    left_out = {
        "inside": {"cross_boundary": False},
        "foreign": {"scored": False, "language": "de"},
        "broadcast": {"recipient_count": 26},
        "older-model": {"model": "fake@older"},
    }
    rows = [program.message(key, "a1", program.at(5), **fields) for key, fields in left_out.items()]
    rows.append(program.message("counted", "a1", program.at(5), recipient_count=25))
    assert [row["message_key"] for row in program.table("crossing", rows)] == ["counted"]
